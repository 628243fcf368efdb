"""A vocabulary: numbers for words, and words for numbers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from torchproof.checking.cases import Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise

Vocab = tuple[dict[str, int], list[str]]
"""A token's index, and an index's token."""

_WORDS = (
    *("the", "river", "runs", "by", "a", "mountain", "and", "song"),
    *("under", "old", "moon", "The", "Moon", "it", "its", "was"),
)
_CHARACTERS = tuple("床前明月光疑是地上霜举头望低思故乡")
_MARKS = (",", ".", " ", "\n", "!", "7", "07")


@exercise(groups=(Group.VALUES, Group.EXTREMES))
def build_vocab(tokens: Sequence[str]) -> Vocab:
    """Return each token's index and each index's token, in order of first appearance."""
    words = list(dict.fromkeys(tokens))
    return {word: index for index, word in enumerate(words)}, words


@build_vocab.cases
def _(draw: Draw) -> Cases:
    few = [_WORDS[i] for i in draw.integers(5, high=8).tolist()]
    yield values("a few words", tokens=[*few, "moon", *few[1:4], "sun"])
    yield values("words", tokens=_text(draw, _WORDS, 30))
    yield values("words and punctuation marks", tokens=_text(draw, (*_WORDS, *_MARKS), 40))
    yield values("Chinese characters", tokens=_text(draw, _CHARACTERS, 30))
    yield values("a string, whose tokens are its characters", tokens="".join(_line(draw)))
    yield extremes("no tokens", tokens=[])
    yield extremes("an empty string", tokens="")
    yield extremes("a single token", tokens=["moon"])
    yield extremes("one token again and again", tokens=["又"] * draw.size(3, 6))
    yield extremes("the empty token, spaces and a line break", tokens=["b", "", " ", "", "\n", "a"])
    cities = ["New York", "New", " York", "York ", "York", "New  York", "New York"]
    yield extremes("spaces inside and around tokens", tokens=cities)
    shuffled = [_WORDS[i] for i in draw.integers(40, high=len(_WORDS)).tolist()]
    yield extremes("no token twice", tokens=list(dict.fromkeys(shuffled)))
    numbers = [str(number) for number in draw.integers(40, high=120).tolist()]
    yield extremes("numbers, which are strings as well", tokens=numbers)


def _text(draw: Draw, words: tuple[str, ...], length: int) -> list[str]:
    """Return words in random order, all of them at least once, the last one seen a repetition."""
    order = [int(i) for i in draw.uniform(len(words)).argsort()]
    drawn = draw.integers(length, high=len(words)).tolist()
    mixed = [order[0], order[1], order[0], *drawn, *order, order[2], order[2]]
    return [words[i] for i in mixed]


def _line(draw: Draw) -> list[str]:
    """Return characters of two scripts, among them spaces and capitals."""
    return _text(draw, (*"AaBb xyz", *_CHARACTERS[:6]), 20)


def in_order(words: Sequence[str]) -> Vocab:
    """Return what most mistakes return: a vocabulary of different words in this order."""
    return {word: index for index, word in enumerate(words)}, list(words)


def distinct(tokens: Sequence[str]) -> list[str]:
    """Return each token once, in order of first appearance."""
    return list(dict.fromkeys(tokens))


@build_vocab.mistake(
    "set order",
    "Your words are in the order of a set, which is not that of the text and differs each time "
    "Python is started; number them as they first appear.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(list(set(tokens)))


@build_vocab.mistake(
    "sorted",
    "Your words are sorted by spelling; number them as they first appear.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(sorted(set(tokens)))


@build_vocab.mistake(
    "most frequent first",
    "You number the most frequent words first; number them as they first appear.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order([word for word, _ in Counter(tokens).most_common()])


@build_vocab.mistake(
    "most frequent first, then sorted",
    "You number the most frequent words first, and those equally frequent by spelling; number "
    "them as they first appear.",
)
def _(tokens: Sequence[str]) -> Vocab:
    counts = Counter(tokens)
    return in_order(sorted(counts, key=lambda word: (-counts[word], word)))


@build_vocab.mistake(
    "in order of last appearance",
    "Your words stand where each was last seen; a word keeps the place of its first appearance.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct(tokens[::-1])[::-1])


@build_vocab.mistake(
    "backwards",
    "Your words are in the opposite order; the first to appear is number 0.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct(tokens)[::-1])


@build_vocab.mistake(
    "index 0 skipped",
    "Your indices begin with 1, so that they do not fit the places in the list; begin with 0.",
)
def _(tokens: Sequence[str]) -> Vocab:
    words = distinct(tokens)
    return {word: index for index, word in enumerate(words, start=1)}, words


@build_vocab.mistake(
    "index 0 skipped, list filled up with None",
    "Your indices begin with 1 and the list begins with None; the first word is number 0.",
)
def _(tokens: Sequence[str]) -> Any:
    words = [None, *distinct(tokens)]
    return {word: index for index, word in enumerate(words) if index}, words


@build_vocab.mistake(
    "index 0 skipped, list filled up with an empty string",
    "Your indices begin with 1 and the list begins with an empty string; the first word is "
    "number 0.",
)
def _(tokens: Sequence[str]) -> Vocab:
    words = ["", *distinct(tokens)]
    return {word: index for index, word in enumerate(words) if index}, words


@build_vocab.mistake(
    "<unk> first",
    "You put a token <unk> first; none but those of the text are asked here.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(["<unk>", *distinct(tokens)])


@build_vocab.mistake(
    "<pad> first",
    "You put a token <pad> first; none but those of the text are asked here.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(["<pad>", *distinct(tokens)])


@build_vocab.mistake(
    "<pad> and <unk> first",
    "You put the tokens <pad> and <unk> first; none but those of the text are asked here.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(["<pad>", "<unk>", *distinct(tokens)])


@build_vocab.mistake(
    "list with repetitions",
    "Your list holds every token of the text; each different one is in it once, at its index.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct(tokens))[0], list(tokens)


@build_vocab.mistake(
    "place of the last appearance in the text",
    "You number a word by its last place in the text; count the different words, and list each "
    "once.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return {token: place for place, token in enumerate(tokens)}, list(tokens)


@build_vocab.mistake(
    "place of the last appearance, words listed once",
    "You number a word by its last place in the text, and this does not fit the list; the index "
    "is the number of different words before it.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return {token: place for place, token in enumerate(tokens)}, distinct(tokens)


@build_vocab.mistake(
    "place of the first appearance in the text",
    "You number a word by its first place in the text, which leaves gaps where words are "
    "repeated; the index is the number of different words before it.",
)
def _(tokens: Sequence[str]) -> Vocab:
    words = distinct(tokens)
    return {word: tokens.index(word) for word in words}, words


@build_vocab.mistake(
    "numbers overwritten at every repetition",
    "You give a word a new number whenever it comes again; keep the first, as with `if token not "
    "in vocab`.",
)
def _(tokens: Sequence[str]) -> Vocab:
    vocab: dict[str, int] = {}
    for token in tokens:
        vocab[token] = len(vocab)
    return vocab, list(vocab)
