/* Finds pages by words, terms first. `BOOK` of searchindex.js has

   pages        pairs [name, sections], lessons first; a section is
                [anchor, title, prose, names in its code], and the first
                one has the page's title
   terms        where the book introduces each of its terms
   traditional  characters in one text, their simple forms in another
   words        what search.js says */
'use strict';

const HAN = /\p{Script=Han}/u;
const RUNS = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}_])+/gu;
const LETTER = '[\\p{Script=Latin}\\p{N}_]';
const PARTICLES = /[的了是在和与吗呢]/;
const PLURAL = /(?<=ss|x|ch|sh)es$|(?<=[^s])s$/;
const ENDING = /(?:ation|ing|ed|er|e|y)$/;
// What a word counts: whole, in another form, inside of another word;
// in the title of a page, of a section, in prose and in the names of code.
const LEVELS = [1, 0.35, 0.2];
const FIELDS = {title: 3, heading: 2, prose: 1, code: 0.4};
const PHRASE = 2; // times as much where the words stand side by side
const NEAREST = 4;

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

// Return a word without its ending; both spellings of -ise are one.
const stem = (word) => {
  const one = word.replace(PLURAL, '').replace(/ie$/, 'y');
  const rest = one.replace(ENDING, '');
  return (rest.length < 4 ? one : rest).replaceAll('iz', 'is');
};

// The book is written in simplified characters.
const simplify = (text) => {
  const [traditional, simple] = BOOK.traditional;
  return [...text].map((x) => simple[traditional.indexOf(x)] ?? x).join('');
};

// What texts have in common that differ in blanks, hyphens and number.
const key = (text) =>
  (text.toLowerCase().match(RUNS) ?? []).map(stem).join('');

const all = BOOK.pages
  .flatMap(([, sections]) => sections.map(([, ...texts]) => texts.join('\n')))
  .join('\n');
const terms = new RegExp(
  `(${BOOK.terms
    .flatMap(({forms}) => forms)
    .filter((form) => HAN.test(form))
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|') || '(?!)'})`,
);

// Return the longest pieces, from the left, that the book has of a text.
const pieces = (text) => {
  for (let end = text.length; end > 1; end--)
    if (all.includes(text.slice(0, end)))
      return [text.slice(0, end), ...pieces(text.slice(end))];
  return text.length > 1 ? pieces(text.slice(1)) : [];
};

// Cut a run of Chinese characters into terms and what is between them.
const cut = (run) => {
  const words = run
    .split(terms)
    .flatMap((part, i) =>
      i % 2 ? [part] : part.split(PARTICLES).flatMap(pieces),
    );
  return words.length ? words : [run];
};

const split = (query) =>
  (query.match(RUNS) ?? []).flatMap((run) =>
    HAN.test(run) ? cut(run) : [run],
  );

// Return expressions for a word, one for each of LEVELS.
const expressions = (word) => {
  if (HAN.test(word)) return [escaped(word)];
  const start = `(?<!${LETTER})`;
  const whole = `${start}${escaped(word)}(?!${LETTER})`;
  if (word.length < 3) return [whole];
  const form = escaped(stem(word)).replaceAll('is', 'i[sz]');
  return [whole, `${start}${form}${LETTER}*`, escaped(word)];
};

const compile = (word) =>
  expressions(word).map((source) => new RegExp(source, 'iu'));

// Return the first of a word's expressions that a text has.
const level = (text, word) => word.findIndex((x) => x.test(text));

// Say what a word counts in a section.
const rate = ([, title, prose, names], word, isFirst) => {
  const fields = [
    [title, isFirst ? FIELDS.title : FIELDS.heading],
    [prose, FIELDS.prose],
    [names, FIELDS.code],
  ];
  return Math.max(
    ...fields.map(([text, weight]) =>
      weight * (LEVELS[level(text, word)] ?? 0)),
  );
};

// Return the expression for words side by side.
const together = (words) =>
  new RegExp(words.map(([whole]) => whole.source).join('[\\s-]*'), 'iu');

// Return a page with its score and its best section; nothing unless it has
// all words.
const look = ([name, sections], words) => {
  const phrase = together(words);
  const rates = sections.map((section, i) =>
    words.map((word) => rate(section, word, !i)),
  );
  const best = words.map((_, j) => Math.max(...rates.map((x) => x[j])));
  if (best.includes(0)) return [];
  const factors = sections.map(([, title, prose]) =>
    words.length > 1 && phrase.test(`${title}\n${prose}`) ? PHRASE : 1);
  const sums = rates.map((row, i) =>
    factors[i] * row.reduce((a, b) => a + b));
  const section = sections[sums.indexOf(Math.max(...sums))];
  const score = Math.max(...factors) * best.reduce((a, b) => a + b)
    / words.length;
  return [hit(name, sections, section, score)];
};

const hit = (name, sections, section, score, label = section[1]) => ({
  name,
  score,
  anchor: section === sections[0] ? '' : `#${section[0]}`,
  title: sections[0][1],
  label: section === sections[0] && label === section[1] ? '' : label,
  prose: section[2],
  code: section[3],
});

// Return the place where a term is introduced.
const place = ({page, anchor, label}) => {
  const [, sections] = BOOK.pages.find(([name]) => name === page);
  const section = sections.find(([id]) => id === anchor) ?? sections[0];
  return hit(page, sections, section, Infinity, label);
};

/* Return {words, hits} for a query: expressions, and pages in their order.
   A term is looked for by the word that this edition has for it. */
const find = (query) => {
  const asked = simplify(query.normalize('NFKC').trim());
  const meant = BOOK.terms.filter(({forms}) =>
    forms.some((form) => key(form) === key(asked)),
  );
  const texts = meant.length ? [meant[0].word] : split(asked);
  const words = texts.map(compile);
  const found = words.length
    ? BOOK.pages.flatMap((page) => look(page, words))
    : [];
  const first = meant.map(place);
  const others = found
    .filter(({name}) => !first.some((x) => x.name === name))
    .sort((a, b) => b.score - a.score);
  return {words, hits: [...first, ...others]};
};

const pairs = (text) =>
  [...` ${key(text)} `].map((x, i, every) => x + every[i + 1]).slice(0, -1);

// Say how many pairs of letters two texts share, from 0 to 1.
const likeness = (one, other) => {
  const [a, b] = [pairs(one), pairs(other)];
  return (2 * a.filter((x) => b.includes(x)).length) / (a.length + b.length);
};

// Return the places of the terms that look most like a query.
const nearest = (query) => {
  const asked = simplify(query.normalize('NFKC'));
  return BOOK.terms
    .map((term) => [
      Math.max(...term.forms.map((form) => likeness(form, asked))),
      term,
    ])
    .filter(([score]) => score > 0.2)
    .sort(([a], [b]) => b - a)
    .slice(0, NEAREST)
    .map(([, term]) => place(term));
};

/* Return a piece of a text around the first word of a query in it, as parts
   of which every second one is such a word. */
const excerpt = (text, words, before = 60, length = 260) => {
  const sources = words
    .map((word) => word[level(text, word)]?.source)
    .filter(Boolean);
  const marks = new RegExp(`(${sources.join('|') || '(?!)'})`, 'giu');
  const middle = Math.max(text.search(marks), 0);
  let start = Math.max(middle - before, 0);
  const blank = text.slice(start, middle).search(/[\s，。；：]/);
  if (start && blank >= 0) start += blank + 1;
  const piece = text.slice(start, start + length);
  return `${start ? '… ' : ''}${piece}`.split(marks);
};
