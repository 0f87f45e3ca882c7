"""Tokens without a tokenizer: near to the real counts in every script, for either encoding."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from pipeline.llm.token_estimate import CL100K, O200K, estimate
from pipeline.llm.tokens import counter_for

# Our own sentences, counted with tiktoken: language, text, tokens of cl100k_base, of o200k_base.
# A single sentence varies more than a lecture, of which 15% are promised.
_COUNTED = [
    (
        "en",
        "The model reads a piece of text and predicts which word comes next. To do that it turns each token into a vector, and every layer moves information from one vector to another.",
        36,
        36,
    ),
    (
        "zh",
        "模型读入一段文字，然后预测下一个词是什么。为此，它先把每个词元变成一个向量，再由每一层把信息从一个向量传到另一个向量。",
        62,
        45,
    ),
    (
        "ja",
        "モデルは文章の一部を読み、次に来る単語を予測します。そのために各トークンをベクトルに変換し、各層があるベクトルから別のベクトルへ情報を移します。",
        80,
        55,
    ),
    (
        "ar",
        "يقرأ النموذج جزءا من النص ويتنبأ بالكلمة التالية. ولذلك يحول كل رمز إلى متجه، ثم تنقل كل طبقة المعلومات من متجه إلى آخر.",
        87,
        37,
    ),
    (
        "hi",
        "मॉडल पाठ का एक टुकड़ा पढ़ता है और अनुमान लगाता है कि अगला शब्द कौन सा होगा। इसके लिए वह हर टोकन को एक सदिश में बदलता है।",
        124,
        41,
    ),
    (
        "th",
        "แบบจำลองอ่านข้อความส่วนหนึ่งแล้วทำนายว่าคำถัดไปคืออะไร โดยแปลงแต่ละโทเค็นเป็นเวกเตอร์ แล้วแต่ละชั้นจะย้ายข้อมูลจากเวกเตอร์หนึ่งไปยังอีกเวกเตอร์หนึ่ง",
        145,
        53,
    ),
    (
        "de",
        "Das Modell liest ein Stück Text und sagt voraus, welches Wort als nächstes kommt. Dafür macht es aus jedem Token einen Vektor, und jede Schicht bewegt Informationen von einem Vektor zum anderen.",
        51,
        40,
    ),
    (
        "el",
        "Το μοντέλο διαβάζει ένα κομμάτι κειμένου και προβλέπει ποια λέξη ακολουθεί. Για να το κάνει αυτό, μετατρέπει κάθε σύμβολο σε διάνυσμα.",
        116,
        47,
    ),
    (
        "uk",
        "Модель читає фрагмент тексту й передбачає, яке слово буде наступним. Для цього вона перетворює кожну лексему на вектор, і кожен шар їх змінює.",
        79,
        47,
    ),
    (
        "bn",
        "মডেলটি লেখার একটি অংশ পড়ে এবং অনুমান করে পরের শব্দটি কী হবে। এজন্য এটি প্রতিটি টোকেনকে একটি ভেক্টরে পরিণত করে।",
        142,
        40,
    ),
    (
        "ka",
        "მოდელი კითხულობს ტექსტის ნაწილს და წინასწარმეტყველებს, რომელი სიტყვა მოჰყვება. ამისთვის ის ყოველ სიმბოლოს ვექტორად აქცევს.",
        227,
        45,
    ),
]


@pytest.mark.parametrize(("language", "text", "cl100k", "o200k"), _COUNTED)
def test_an_estimate_is_near_the_real_count(
    language: str, text: str, cl100k: int, o200k: int
) -> None:
    assert estimate(text, CL100K) == pytest.approx(cl100k, rel=0.2), language
    assert estimate(text, O200K) == pytest.approx(o200k, rel=0.2), language


def test_numbers_and_signs_count_too() -> None:
    assert estimate("(a), [b]; {c}" * 9) > estimate("a b c" * 9)
    assert estimate("1" * 30) == 10
    assert estimate("") == 0


def test_the_models_own_encoding_decides() -> None:
    text = "तो हम हर टोकन को गिनते हैं " * 20
    assert counter_for("gpt-4o")(text) < counter_for("gpt-4")(text)
    assert counter_for("some-local-model")(text) == estimate(text, CL100K)
