"""Sentences that say what an experiment showed, and whether it did.

An entry `claim` of results.yml says in a formula what a sentence of a page
says in words, and quotes enough of the sentence to find it:

- chapter: rnn-gluon
  claim: max(gru, lstm) < rnn
  en: GRU and LSTM end below the plain network
  zh: GRU和LSTM最后低于普通的网络

It is judged by the numbers that the page shows; see values.py.
"""

from dataclasses import dataclass

from book.chapters.errors import BookError
from book.chapters.toc import LANGUAGES
from book.execution import outputs
from book.experiments import entries
from book.experiments.results import shown
from book.experiments.sentences import formulas, values

FALSE = ('“{}” is not true of this run: {}, but {}; mend the sentence, or '
         'make the experiment stronger (book/results.yml has the claim)')
UNSAID = ('the page {} does not say “{}”; quote a piece of a line of it, or '
          'remove the claim')


@dataclass(frozen=True)
class Claim:
    """What a page says of its results.

    formula: true when the sentence is; quotes: a piece of the sentence in
    each language.
    """

    chapter: str
    formula: str
    quotes: dict


def load(path=entries.TABLE, chapter=None):
    """Return the claims of a table, or those of one chapter."""
    return [x for x in entries.parsed(path, 'claim', parse)
            if chapter is None or x.chapter in chapter.split()]


def parse(entry):
    """Turn an entry of the table into a claim."""
    entries.refuse(entry, {'chapter', 'claim', *LANGUAGES})
    quotes = {language: entry[language] for language in LANGUAGES}
    return Claim(entry['chapter'], str(entry['claim']), quotes)


def holds(claim, numbers):
    """Tell whether a claim is true of the numbers of a run."""
    return bool(formulas.compute(claim.formula, numbers))


def place(claim, page, language='en'):
    """Return the line of a page that says what a claim quotes.

    Raises BookError when none does.
    """
    quote = claim.quotes[language]
    for number, line in enumerate(page.text(language).splitlines(), 1):
        if quote in line:
            return number
    raise BookError(f'book/results.yml: claim {claim.formula}: ' +
                    UNSAID.format(page.label(language), quote))


def problems(path, page, texts):
    """Return what is wrong with the claims of a page, with their lines.

    texts: what its code cells have written.
    """
    claims = load(path, page.slug)
    if not claims or values.unclaimed(texts):
        return []
    numbers = values.of_texts(path, page, texts)
    return [told(claim, page, numbers) for claim in claims
            if not holds(claim, numbers)]


def refuted(path, pages):
    """Return the claims that a run refutes which the table keeps."""
    found = []
    for page in pages:
        own = load(path, page.slug)
        for (run, seed), numbers in values.recorded(path, page.slug).items():
            found += [f'{told(x, page, numbers)} (run {run}, seed {seed})'
                      for x in own
                      if formulas.names(x.formula) <= numbers.keys()
                      and not holds(x, numbers)]
    return found


def told(claim, page, numbers):
    """Return in a line which sentence is false, and what was found."""
    found = ', '.join(
        f'{name} = {listed(numbers[name])}'
        for name in sorted(formulas.names(claim.formula)))
    return (f'{page.label("en")}:{place(claim, page)}: ' +
            FALSE.format(claim.quotes['en'], claim.formula, found))


def lines(path, page):
    """Return the list of the claims of a page, each with its line."""
    own = load(path, page.slug)
    return [f'{page.name}, claims: {len(own)}',
            *(f'  {place(x, page)}: “{x.quotes["en"]}”: {x.formula.strip()}'
              for x in own)] if own else []


def listed(value):
    """Return a number, or several, as a message shows them."""
    if isinstance(value, tuple):
        return f'({", ".join(map(shown, value))})'
    return shown(value)


def check(root, pages):
    """Raise BookError with each sentence that its own page refutes."""
    path = root / entries.NAME
    if not path.is_file():
        return
    found, slugs = unsaid(path, pages), {x.chapter for x in load(path)}
    for page in pages:
        executed = page.slug in slugs and outputs.executed(root, page)
        if executed:
            found += problems(path, page, values.texts_of(executed))
    if found:
        raise BookError('\n'.join(found))


def unsaid(path, pages):
    """Return what claims quote that their pages do not say.

    A book that has been made of some of the chapters makes fewer claims.
    """
    known, found = {page.slug: page for page in pages}, []
    for claim in load(path):
        for language in LANGUAGES:
            try:
                if claim.chapter in known:
                    place(claim, known[claim.chapter], language)
            except BookError as error:
                found.append(str(error))
    return found
