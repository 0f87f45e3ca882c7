"""Who speaks: ``PROFESSOR:``, ``<v Ann>``, dialogue dashes and ``>>`` in captions, all as ``>>``.

A name before a colon is a speaker's where it says a part in a lesson (``Student 2:``, ``教授：``),
or where the file has the form for names: more than one label in capitals, or two labels that come
twice each. "Note:", "Example:" and their like in other languages name nobody. The name stays in the
text; that of a voice tag is written before a colon where the voice changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from pipeline.text.english import word_set
from pipeline.transcript.captions.parse import RawCue
from pipeline.transcript.captions.tokens import DIALOGUE

# Those who speak in a lesson, as captions call them; followed by a number or a name as well.
_ROLES = word_set(
    "professor prof lecturer instructor teacher student students audience speaker speakers host"
    " moderator interviewer interviewee narrator presenter guest ta male female man woman everyone"
    " professorin dozent dozentin lehrer lehrerin student studentin studierende publikum sprecher"
    " sprecherin moderatorin zuschauer zuschauerin erzähler"
    " professeur professeure enseignant enseignante étudiant étudiante étudiants élève public"
    " intervenant intervenante animateur présentateur orateur narrateur"
    " profesor profesora maestro maestra estudiante estudiantes alumno alumna público ponente"
    " presentador presentadora entrevistador narrador locutor"
    " professora aluno aluna estudantes plateia palestrante apresentador apresentadora"
    " professore professoressa docente studente studentessa pubblico relatore"
    " docent hoogleraar publiek spreker profesor wykładowca studentka publiczność"
    " профессор преподаватель лектор студент студентка студенты аудитория ведущий ведущая спикер"
    " диктор учитель зритель викладач професор слухач ведучий"
    " öğretmen öğrenci profesör sunucu konuşmacı izleyici hoca"
    " الأستاذ الاستاذ أستاذ المحاضر محاضر الطالب طالب الطالبة طالبة الجمهور المذيع المتحدث المعلم"
    " استاد مدرس دانشجو مجری گوینده حضار"
    " מרצה פרופסור סטודנט סטודנטית קהל מנחה מורה דובר"
    " प्रोफ़ेसर प्रोफेसर शिक्षक अध्यापक छात्र छात्रा दर्शक वक्ता श्रोता व्याख्याता"
    " 教授 老师 老師 讲师 講師 先生 学生 學生 同学 同學 学生们"
    " 观众 觀眾 听众 聽眾 主持人 讲者 講者 主讲 旁白"
    " 司会 司会者 聴衆 観客 話者 質問者 参加者 ナレーター"
    " 교수 교수님 강사 선생님 학생 청중 관객 사회자 진행자 발표자 화자"
    " อาจารย์ ครู นักศึกษา นักเรียน ผู้ชม ผู้ฟัง วิทยากร พิธีกร ผู้บรรยาย"
    " giáo sư thầy cô sinh viên khán giả"
)
# What stands before a colon and speaks not.
_NOBODY = word_set(
    "note notes example examples remark warning caution tip tips hint question answer problem"
    " solution definition theorem lemma proof corollary claim fact rule step figure fig table part"
    " chapter section option case input output result results summary update goal task exercise"
    " first second third today now next here so and or but ps nb fyi tldr todo faq url http https"
    " important remember quote spoiler error pros cons true false yes no before after reason time"
    " beispiel beispiele hinweis hinweise achtung anmerkung bemerkung frage antwort satz beweis"
    " schritt aufgabe lösung merke wichtig fazit ergebnis eingabe ausgabe ziel teil kapitel"
    " exemple exemples remarque attention réponse définition théorème preuve étape important"
    " résultat entrée sortie objectif résumé"
    " ejemplo ejemplos nota atención pregunta respuesta definición teorema prueba paso importante"
    " resultado entrada salida objetivo resumen exemplo exemplos atenção pergunta resposta"
    " definição prova passo saída resumo esempio domanda risposta definizione dimostrazione passo"
    " пример примеры примечание замечание внимание вопрос ответ задача решение определение теорема"
    " доказательство шаг важно итог результат вывод цель"
    " örnek not dikkat soru cevap çözüm tanım teorem ispat adım önemli sonuç"
    " مثال مثلا ملاحظة تنبيه سؤال السؤال جواب الجواب تعريف نظرية برهان خطوة الخطوة مهم"
    " نتيجة النتيجة"
    " نکته توجه پرسش پاسخ تعریف قضیه اثبات گام نتیجه"
    " דוגמה למשל הערה שאלה תשובה הגדרה משפט הוכחה שלב חשוב"
    " उदाहरण नोट ध्यान प्रश्न सवाल उत्तर जवाब परिभाषा प्रमेय चरण महत्वपूर्ण"
    " 例如 比如 例 例子 注 注意 备注 備註 提示 问题 問題 回答 答案 问 問 答 定义 定義"
    " 定理 证明 證明 步骤 步驟"
    " 首先 其次 最后 最後 第一 第二 第三 总结 總結 结论 結論 结果 結果 重点 重點 也就是 即 换句话说"
    " 例えば たとえば 質問 答え 解答 証明 手順 まとめ 補足 重要 ポイント つまり"
    " 예 예시 예를 참고 주의 질문 답 대답 정의 정리 증명 단계 요약 결론 중요"
    " ตัวอย่าง หมายเหตุ คำถาม คำตอบ นิยาม ทฤษฎีบท ขั้นตอน สรุป"
)
_CASED = r"\p{Lu}[\p{L}\p{M}.'’-]*+(?:[ ](?:[\p{Lu}#]|\p{Nd})[\p{L}\p{M}\p{Nd}.'’-]*+){0,3}"
_LETTERS = r"[\p{Lo}\p{M}\u200c\u200d·・]"
_UNCASED = rf"\p{{Lo}}{_LETTERS}*+(?:[ ]{_LETTERS}++){{0,2}}(?:[ ]?\p{{Nd}}{{1,2}})?"
# A colon with white space or a letter of East Asia behind it, or the full-width one; no time,
# address or path.
_COLON = r":(?=\s|$|[<\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}])|："
_LABEL = rf"(?P<name>{_CASED}|{_UNCASED})[ \u00a0]?(?:{_COLON})"
_TAGS = r"(?:<[^<>]*>|\{\\[^{}]*\})*"
_AT_START = regex.compile(rf"(?P<before>{_TAGS}\s*(?:(?:>>|&gt;&gt;|[-–—])\s*)?){_LABEL}")
_MARKED = regex.compile(r">>|&gt;&gt;|[-–—]")
_WITHIN = regex.compile(rf"(?<=[\p{{Sentence_Terminal}}…][\"”’)\]]?)\s*{_LABEL}(?=\s*\S)")
# Letters of a label: "Professor Gilbert Strang" has 24; a name in Chinese or Japanese 2 to 5.
_LONGEST_NAME, _LONGEST_UNSPACED = 32, 8
_VOICE = regex.compile(r"<v(?:\.[^\s<>]*)?[ \t]+(?P<name>[^<>]{1,64})>", regex.IGNORECASE)
# Attached dashes ("-Is it?") are dialogue in files where a cue has two of them: "-R" is an option.
_DASH = regex.compile(
    rf"(?P<tags>{_TAGS})\s*[-–—](?P<space>\s*)(?=[\"“«¿¡(\[]*[\p{{Lu}}\p{{Lt}}\p{{Lo}}])"
)
_ENDED = regex.compile(r"(?:^|[\p{Sentence_Terminal}…♪)\]>][\"'”’»」』]*\s*)$")
_UNSPACED_NAME = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}・·]+")


def with_turns(cues: Sequence[RawCue]) -> list[RawCue]:
    """``cues`` in order of time, with ``>>`` before whatever another person says.

    >>> with_turns([RawCue(0, 9, ("PROFESSOR: So.",)), RawCue(9, 12, ("<v Ann>Yes.",))])
    [RawCue(start_ms=0, end_ms=9, lines=('>> PROFESSOR: So.',)), RawCue(start_ms=9, end_ms=12, \
lines=('>> Ann: Yes.',))]
    """
    voiced = _with_voices(cues)
    return _with_dashes(_with_labels(voiced))


def _with_voices(cues: Sequence[RawCue]) -> list[RawCue]:
    """The name of a voice tag where it is not that of the tag before."""
    last = ""

    def named(match: regex.Match[str]) -> str:
        nonlocal last
        before, last = last, " ".join(match["name"].split())
        return "" if last == before else f">> {last}: "

    return [
        replace(cue, lines=tuple(_VOICE.sub(named, line) for line in cue.lines))
        if any("<v" in line.lower() for line in cue.lines)
        else cue
        for cue in cues
    ]


def _with_labels(cues: Sequence[RawCue]) -> list[RawCue]:
    names = _speakers([line for cue in cues for line in cue.lines])
    if not names:
        return list(cues)

    def start(match: regex.Match[str]) -> str:
        label = match[0][len(match["before"]) :]
        if _MARKED.search(match["before"]) or match["name"] not in names:
            return match[0]
        return f">> {match['before']}{label}"

    def within(match: regex.Match[str]) -> str:
        return f" >> {match[0].lstrip()}" if match["name"] in names else match[0]

    def marked(line: str) -> str:
        if ":" not in line and "：" not in line:
            return line
        first = _AT_START.match(line)
        opening, rest = (start(first), line[first.end() :]) if first else ("", line)
        return opening + _WITHIN.sub(within, rest)

    return [replace(cue, lines=tuple(map(marked, cue.lines))) for cue in cues]


def _speakers(lines: Sequence[str]) -> set[str]:
    """The labels that name somebody who speaks."""
    found = Counter(name for line in lines for name in _labels(line))
    shouted = sum(line.isupper() for line in lines) * 2 > len(lines)
    roles = {name for name in found if _is_role(name)}
    rest = {name: count for name, count in found.items() if name not in roles}
    capitals = {name for name in rest if len(name) > 1 and name.isupper() and not shouted}
    if roles or sum(rest[name] for name in capitals) > 1:
        roles |= capitals
    often = {name for name, count in rest.items() if count > 1 and len(name) > 1}
    return roles | often if len(often | roles) > 1 else roles


def _labels(line: str) -> Iterator[str]:
    if ":" not in line and "：" not in line:
        return
    first = _AT_START.match(line)
    found = _WITHIN.finditer(line, first.end() if first else 0)
    for match in (*([first] if first else []), *found):
        name = match["name"]
        longest = _LONGEST_UNSPACED if _UNSPACED_NAME.fullmatch(name) else _LONGEST_NAME
        if len(name) <= longest and not _says_nobody(name):
            yield name


def _is_role(name: str) -> bool:
    return _parts(name)[0] in _ROLES


def _says_nobody(name: str) -> bool:
    parts = _parts(name)
    return parts[0] in _NOBODY or " ".join(parts) in _NOBODY


def _parts(name: str) -> list[str]:
    """The words of a label in small letters, without its number."""
    return regex.sub(r"[\p{Nd}#.]+", " ", name).lower().split() or [""]


def _with_dashes(cues: Sequence[RawCue]) -> list[RawCue]:
    """``>>`` for a dash that begins a line behind a finished sentence, unless it opens a list."""
    attached = any(
        sum(bool((dash := _DASH.match(line)) and not dash["space"]) for line in cue.lines) > 1
        for cue in cues
    )
    before = ""
    done = []
    for cue in cues:
        items = [line for line in cue.lines if _DASH.match(line)]
        listed = len(items) > 2 and not any(_ENDED.search(line) for line in items)
        lines: list[str] = []
        for line in cue.lines:
            dash = None if listed else _DASH.match(line)
            follows = _ENDED.search(before) or (lines and lines[-1].startswith(">>"))
            if dash and follows and (dash["space"] or attached):
                line = f">> {dash['tags']}{DIALOGUE.sub(' >> ', line[dash.end() :])}"
            lines.append(line)
            before = line if line.strip() else before
        done.append(replace(cue, lines=tuple(lines)))
    return done
