import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model2vec import StaticModel

from anchorset.core.errors import ConfigError, MachineError
from anchorset.infra.embed.choose import open_embedder
from anchorset.infra.embed.static import MAX_CHARACTERS, MODEL_FOLDER, StaticEmbedder


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def test_model_folder_fits_in_eight_mebibytes() -> None:
    assert sum(path.stat().st_size for path in MODEL_FOLDER.iterdir()) <= 8 * 2**20


def test_vectors_equal_those_of_model2vec(embedder: StaticEmbedder) -> None:
    texts = ["Where is my parcel?", "please cancel the order", "I can't log in!!", "naïve café"]
    theirs = StaticModel.from_pretrained(MODEL_FOLDER).encode(texts)
    np.testing.assert_allclose(embedder.embed(texts), theirs, atol=1e-5)


def test_name_holds_the_hash_of_the_weights(embedder: StaticEmbedder) -> None:
    files = [(MODEL_FOLDER / name).read_bytes() for name in ("model.safetensors", "tokenizer.json")]
    assert embedder.name == f"static-{embedder.dim}@{hashlib.sha256(b''.join(files)).hexdigest()[:8]}"


def test_meaning_beats_shared_words(embedder: StaticEmbedder) -> None:
    a, b, c = embedder.embed(["I want my money back", "please give me a refund", "I want my coffee black"])
    assert a @ b > a @ c


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\ud800", "🙂", "Где моя посылка", "我的包裹在哪里"])
def test_text_without_a_known_token_gives_a_zero_row(embedder: StaticEmbedder, text: str) -> None:
    assert not embedder.embed([text]).any()


def test_a_megabyte_is_read_only_at_its_beginning(embedder: StaticEmbedder) -> None:
    text = "refund " * 150_000
    vectors = embedder.embed([text, text[:MAX_CHARACTERS]])
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_no_texts_give_no_rows(embedder: StaticEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dim)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(), max_size=40), max_size=8))
def test_rows_are_unit_or_zero_and_do_not_depend_on_company(texts: list[str]) -> None:
    embedder = _shared()
    together = embedder.embed(texts)
    norms = np.linalg.norm(together, axis=1)
    assert np.all((np.abs(norms - 1) < 1e-5) | (norms == 0))
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_array_equal(row, embedder.embed([text])[0])


def test_many_texts_equal_the_same_texts_one_batch_at_a_time(embedder: StaticEmbedder) -> None:
    texts = [f"message {i} about my order" for i in range(1300)]
    np.testing.assert_array_equal(
        embedder.embed(texts), np.concatenate([embedder.embed(texts[:700]), embedder.embed(texts[700:])])
    )


def test_unknown_embedder_is_named_in_the_error() -> None:
    with pytest.raises(ConfigError, match="'statik'"):
        open_embedder("statik")


def test_minilm_without_files_says_where_it_looked(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnxruntime", reason="the extra `minilm` is not installed")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MachineError, match=str(tmp_path)):
        open_embedder("minilm")
    with pytest.raises(MachineError, match=r"tokenizer\.json"):
        open_embedder(f"minilm:{tmp_path}")


_CACHE: list[StaticEmbedder] = []


def _shared() -> StaticEmbedder:
    if not _CACHE:
        _CACHE.append(StaticEmbedder())
    return _CACHE[0]
