"""Vocabularies of the wrong words, and in the wrong form."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from torchproof.catalog.rnn.build_vocab import Vocab, build_vocab, distinct, in_order


@build_vocab.mistake(
    "list first",
    "You return the list first; the dict, word to index, comes first.",
)
def _(tokens: Sequence[str]) -> Any:
    vocab, words = in_order(distinct(tokens))
    return words, vocab


@build_vocab.mistake(
    "dict only",
    "You return the dict alone; the list of the words, index to word, is asked too, as in "
    "`return vocab, words`.",
)
def _(tokens: Sequence[str]) -> Any:
    return in_order(distinct(tokens))[0]


@build_vocab.mistake(
    "list only",
    "You return the list alone; the dict, word to index, comes before it, as in `return vocab, "
    "words`.",
)
def _(tokens: Sequence[str]) -> Any:
    return distinct(tokens)


@build_vocab.mistake(
    "in a list",
    "You return both in a list; `return vocab, words` makes a tuple of them.",
)
def _(tokens: Sequence[str]) -> Any:
    return list(in_order(distinct(tokens)))


@build_vocab.mistake(
    "two dicts",
    "Your second result is a dict from index to word; a list does this by its places.",
)
def _(tokens: Sequence[str]) -> Any:
    vocab, words = in_order(distinct(tokens))
    return vocab, dict(enumerate(words))


@build_vocab.mistake(
    "dict from index to word",
    "Your dict leads from index to word; it should lead from word to index, and the list the "
    "other way.",
)
def _(tokens: Sequence[str]) -> Any:
    words = distinct(tokens)
    return dict(enumerate(words)), words


@build_vocab.mistake(
    "keys in place of a list",
    "Your second result is a view of the dict's keys, which cannot be indexed; make a list of it.",
)
def _(tokens: Sequence[str]) -> Any:
    vocab = in_order(distinct(tokens))[0]
    return vocab, vocab.keys()


@build_vocab.mistake(
    "a defaultdict",
    "You return a defaultdict, which takes in every unknown word that it is asked for; return a "
    "plain dict, as dict(vocab) makes one.",
)
def _(tokens: Sequence[str]) -> Any:
    vocab: defaultdict[str, int] = defaultdict(lambda: len(vocab))
    for token in tokens:
        vocab[token]
    return vocab, list(vocab)


@build_vocab.mistake(
    "counts in place of indices",
    "Your dict says how often each word occurs; it should say which number the word has.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return dict(Counter(tokens)), distinct(tokens)


@build_vocab.mistake(
    "lower case",
    "You put the words into lower case, so that The and the become one; leave tokens as they are.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct([token.lower() for token in tokens]))


@build_vocab.mistake(
    "spaces left out",
    "You leave out tokens that are empty or nothing but space; leave tokens as they are.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct([token for token in tokens if token.strip()]))


@build_vocab.mistake(
    "empty token left out",
    "You leave out the empty token, which is false where a condition is asked for; "
    "compare with None, or ask whether the token is in the dict.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct([token for token in tokens if token]))


@build_vocab.mistake(
    "stripped",
    "You strip the space around tokens, so that different ones become equal; leave tokens as they "
    "are.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct([token.strip() for token in tokens]))


@build_vocab.mistake(
    "letters only",
    "You leave out tokens that are not made of letters; punctuation marks and numbers are tokens "
    "as well.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct([token for token in tokens if token.isalpha()]))


@build_vocab.mistake(
    "rare words left out",
    "You leave out words that occur only once; every token of the text has a number.",
)
def _(tokens: Sequence[str]) -> Vocab:
    counts = Counter(tokens)
    return in_order([word for word in distinct(tokens) if counts[word] > 1])


@build_vocab.mistake(
    "characters of the words",
    "Your vocabulary is one of characters; each element of tokens is one token, however long.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct("".join(tokens)))


@build_vocab.mistake(
    "first of no tokens",
    "You ask for the first token before you know that there is one; tokens may be empty, and then "
    "so are the dict and the list.",
)
def _(tokens: Sequence[str]) -> Vocab:
    vocab, words = {tokens[0]: 0}, [tokens[0]]
    for token in tokens[1:]:
        if token not in vocab:
            vocab[token] = len(words)
            words.append(token)
    return vocab, words


@build_vocab.mistake(
    "a space between all tokens",
    "You join the tokens with spaces and split them again, which loses what is space itself; use "
    "each element of tokens as it is.",
)
def _(tokens: Sequence[str]) -> Vocab:
    return in_order(distinct(" ".join(tokens).split()))
