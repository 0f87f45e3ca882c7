"""Words with which captions describe sounds, in the languages of the world: the only list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import regex

# A star stands for any ending. Scripts without spaces are searched for the letters themselves.
SOUNDS: Mapping[str, str] = MappingProxyType(
    {
        "en": "music applau* clapping claps laugh* chuckl* giggl* cheer* silence noise* cough* "
        "sneez* sigh* gasp* throat whistl* typing keyboard clack* click* crosstalk murmur* mutter* "
        "whisper* ringing beep* buzz* knock* slam* footsteps static blank_audio jingle chatter* "
        "rustl* humming groan* clatter* sizzl*",
        "de": "musik applaus* beifall* klatschen lach* gelächter kichern stille schweigen rausch* "
        "geräusch* husten hustet seufz* räusper* pfeif* klopf* murmel* gemurmel jubel* klingel* "
        "flüster* tippen zwischenruf*",
        "fr": "musique applaudi* rires rire rit silence bruit* toux tousse soupir* sifflement* "
        "sonnerie murmure* chuchot* acclamation*",
        "es": "música musica aplaus* risas risa ríe ríen silencio ruido* tos tose suspir* "
        "carraspe* silbid* murmullo* timbre susurr* vítores",
        "pt": "música musica aplaus* risos risada* ri riem silêncio ruído* tosse suspir* assobi* "
        "murmúrio* sussurr* campainha",
        "it": "musica applaus* risate risata ride ridono silenzio rumore rumori tosse tossisce "
        "sospir* fischi* mormorio brusio squillo",
        "nl": "muziek applaus gelach lacht lachen stilte geluid lawaai hoest* zucht* gefluister "
        "gemompel klopt gejuich",
        "sv": "musik applåd* skratt* tystnad ljud hostar suckar viskar",
        "da": "musik bifald latter griner stilhed støj hoster sukker",
        "nb": "musikk applaus latter ler stillhet støy hoster sukker",
        "fi": "musiikki* aplod* taputu* nauru* nauraa hiljaisuus melu* yski* huoka*",
        "pl": "muzyka muzyki oklask* brawa śmiech* śmieje cisza hałas szum kaszel kaszle wzdych* "
        "szept*",
        "cs": "hudba potlesk smích směje ticho hluk šum kašel kašle vzdech* šepot",
        "hu": "zene taps nevetés nevet csend zaj köhög* sóhaj*",
        "ro": "muzică aplauze râsete râde liniște zgomot* tuse oftează",
        "tr": "müzik alkış* kahkaha* gülüş* gülüyor güler sessizlik gürültü* öksür* iç fısılt*",
        "ru": "музык* аплодисмент* смех смеётся смеется смеются тишина молчание шум кашель кашл* "
        "вздох* вздыха* свист* звонок стук* шёпот шепот шепчет гул овации хлопки",
        "uk": "музика аплодисмент* оплески сміх сміється сміються тиша шум кашель кашляє зітха*",
        "bg": "музика аплодисмент* смях смее тишина шум кашля*",
        "el": "μουσική χειροκρότημα χειροκροτήματα γέλια γελάει γέλιο σιωπή θόρυβος βήχ*",
        "ar": "موسيقى موسيقي تصفيق ضحك يضحك صمت ضوضاء ضجيج سعال همس",
        "fa": "موسیقی تشویق خنده می‌خندد سکوت صدا سرفه",
        "he": "מוזיקה מוסיקה מחיאות צחוק צוחק צוחקים שקט דממה רעש שיעול משתעל",
        "hi": "संगीत तालियां तालियाँ तालियों हंसी हँसी हंसते मौन शोर खांसी",
        "bn": "সঙ্গীত হাততালি করতালি হাসি নীরবতা",
        "ur": "موسیقی تالیاں ہنسی قہقہے خاموشی",
        "vi": "nhạc vỗ cười im ồn ho",
        "id": "musik tepuk tertawa tawa hening suara batuk",
        "th": "ดนตรี เพลง ปรบมือ หัวเราะ เสียง เงียบ",
        "ko": "음악 박수 웃음 웃음소리 침묵 정적 소음 기침 환호 한숨",
        "ja": "音楽 拍手 笑い 笑 笑い声 歓声 沈黙 無音 ノイズ 雑音 咳 咳払い ため息 "
        "チャイム 効果音",
        "zh": "音乐 音樂 掌声 掌聲 鼓掌 笑声 笑聲 笑 大笑 欢呼 歡呼 沉默 静音 靜音 噪音 杂音 雜音 "
        "咳嗽 叹气 嘆氣 铃声 鈴聲 敲门声 键盘声",
    }
)
# Speech was there, and whoever wrote the captions could not make it out.
INAUDIBLE: Mapping[str, str] = MappingProxyType(
    {
        "en": "inaudible unintelligible indistinct foreign __",
        "de": "unverständlich* unhörbar*",
        "fr": "inaudible* incompréhensible*",
        "es": "inaudible* ininteligible*",
        "pt": "inaudível ininteligível",
        "it": "incomprensibile inudibile",
        "nl": "onverstaanbaar onhoorbaar",
        "pl": "niewyraźne niesłyszalne",
        "ru": "неразборчиво неразборчив* неслышно",
        "uk": "нерозбірливо",
        "tr": "anlaşılmıyor duyulmuyor",
        "ar": "غير",
        "ko": "들리지 불명확",
        "ja": "聞き取れない 聞き取れず 不明 聴取不能",
        "zh": "听不清 聽不清 不清楚",
    }
)
# With these words, brackets hold a remark of the lecturer's, not a sound.
_REMARK = regex.compile(
    r"\b(?:is|are|was|were|be|been|that|this|which|who|we|you|i|it|or|not|can|should|a|an|ist|sind|"
    r"das|dass|wir|oder|est|sont|que|qui|es|son|и|или|что|это|мы)\b",
    regex.IGNORECASE,
)
_BRACKETED = regex.compile(r"[\[(*（【［](.+?)[\])*）】］]+[.,]?|[♩♪♫♬🎵🎶]+")
_UNSPACED_LANGUAGES = ("th", "ko", "ja", "zh")
# "[upbeat music plays in the background]" has six words; with more it is a sentence about sound.
_MOST_WORDS = 6
_MOST_LETTERS = 12  # where words have no spaces: two letters a word
_NOTES = "♩♪♫♬𝄞🎵🎶"


def describes_sound(text: str) -> bool:
    """Whether ``text``, from within brackets, is the name of a sound in some language.

    >>> describes_sound("soft music"), describes_sound("Gelächter"), describes_sound("笑声")
    (True, True, True)
    >>> describes_sound("the noise is Gaussian"), describes_sound("MASK")
    (False, False)
    """
    return _describes(text, _pattern(False)) or is_inaudible(text) or not text.strip(_NOTES + " ")


def is_bracketed_sound(word: str) -> bool:
    """Whether ``word``, brackets and all, names a sound and no more, or is a note.

    >>> is_bracketed_sound("[Applause]"), is_bracketed_sound("♪"), is_bracketed_sound("(noisy)")
    (True, True, False)
    """
    match = _BRACKETED.fullmatch(word)
    return bool(match and (match[1] is None or describes_sound(match[1])))


def is_inaudible(text: str) -> bool:
    """Whether ``text``, from within brackets, says that speech could not be made out.

    >>> is_inaudible("INAUDIBLE"), is_inaudible("music")
    (True, False)
    """
    return _describes(text, _pattern(True))


def _describes(text: str, pattern: regex.Pattern[str]) -> bool:
    match = pattern.search(text)
    if match is None or len(text.split()) > _MOST_WORDS or _REMARK.search(text):
        return False
    return match.lastgroup == "spaced" or len(text) <= _MOST_LETTERS


@cache
def _pattern(inaudible: bool) -> regex.Pattern[str]:
    table = INAUDIBLE if inaudible else SOUNDS
    spaced, unspaced = [], []
    for language, words in table.items():
        for word in words.split():
            if language in _UNSPACED_LANGUAGES:
                unspaced.append(regex.escape(word))
            else:
                stem = regex.escape(word.removesuffix("*"))
                spaced.append(stem + r"\w*" if word.endswith("*") else stem)
    return regex.compile(
        rf"(?P<spaced>(?<!\w)(?:{'|'.join(spaced)})(?![\w\u200c]))|(?P<unspaced>{'|'.join(unspaced)})",
        regex.IGNORECASE,
    )
