// A thinned layer, and the mean of what the next unit gets over many masks.
'use strict';

{
  const {plot, panel, tag, label, fixed, uniform} = moving;
  const H = [1.2, 0.4, 0, 2, 0.8, 1.6, 0.2, 1];
  const W = [0.5, 0.8, 0.6, 0.4, -0.3, 0.7, 0.9, 0.5];
  const MOST = 2000;

  // Return h' for uniform random numbers, one for each unit.
  function dropout(h, random, rate, divide = true) {
    const keep = 1 - rate;
    return h.map((x, j) => random[j] < keep ? x / (divide ? keep : 1) : 0);
  }

  const sum = h => h.reduce((total, x, j) => total + W[j] * x, 0);

  // Return the random numbers of all masks; another rate keeps them.
  function randoms({seed, masks}) {
    const next = uniform(seed);
    return Array.from({length: masks}, () => H.map(() => next()));
  }

  // Return pairs: the number of masks, and the mean of their sums.
  function means(state) {
    let total = 0;
    return randoms(state).map((random, i) => {
      total += sum(dropout(H, random, state.rate, state.divide));
      return [i + 1, total / (i + 1)];
    });
  }

  function layer(state, words, ink) {
    const random = randoms(state).at(-1);
    const outputs = dropout(H, random, state.rate, state.divide);
    const kept = j => random[j] < 1 - state.rate;
    const y = j => 32 + 26 * j;
    return [
      label(58, 14, 'h', ink.text), label(130, 14, words.next, ink.text),
      H.map((h, j) => [
        kept(j) ? tag('path', {d: `M146 ${y(j)}L254 123`, stroke: ink.blue,
          'stroke-width': 0.5 + 2 * Math.abs(W[j])}) : [],
        label(58, y(j) + 4, fixed(h, 1), ink.muted),
        tag('circle', {cx: 130, cy: y(j), r: 12, fill: kept(j) ? ink.soft :
          ink.ground, stroke: kept(j) ? ink.blue : ink.line,
        'stroke-dasharray': kept(j) ? 'none' : '3 3'}),
        label(130, y(j) + 4, fixed(outputs[j], 1),
          kept(j) ? ink.text : ink.muted, {'font-size': 11})]),
      tag('circle', {cx: 274, cy: 123, r: 20, fill: ink.soft,
        stroke: ink.orange, 'stroke-width': 2}),
      label(274, 127, fixed(sum(outputs), 1), ink.text),
      label(274, 94, words.sum, ink.text)];
  }

  function settling(state, words, ink) {
    const place = plot({x: [0, Math.max(20, state.masks)], y: [0, 7]});
    const [from, to] = [0, Math.max(20, state.masks)];
    const full = sum(H);
    return [place.axes(ink, {title: words.mean, xlabel: words.masks,
      xticks: [from, to / 2, to], yticks: [0, 2, 4, 6]}),
    place.inside(
      place.line([from, to].map(x => [x, full]), ink.orange,
        {'stroke-dasharray': '5 4'}),
      place.line(means(state), ink.blue),
      place.dots([means(state).at(-1)], ink.blue, 4)),
    label(place.px(to) - 6, place.py(full) - 7, words.full, ink.text,
      {'text-anchor': 'end'})];
  }

  const more = count => ({masks}) =>
    ({masks: Math.min(MOST, masks + count)});

  moving.define('dropout', {
    words: {
      en: {title: 'A layer with dropout, and the running mean of the sum ' +
          'behind it',
      rate: 'dropout rate p', divide: 'divide by 1 − p', one: 'One more mask',
      many: '200 more masks', again: 'Begin again', next: "h'",
      sum: 'sum', mean: 'mean of the sums', masks: 'masks',
      full: 'without dropout',
      told: ({masks, mean, full}) => `The mean over ${masks} ` +
          `${masks === 1 ? 'mask' : 'masks'} is ${mean}; without dropout ` +
          `the sum is ${full}.`},
      zh: {title: '用了丢弃法的一层，以及其后之和的平均值',
        rate: '丢弃率p', divide: '除以1 − p', one: '再来一个掩码',
        many: '再来200个掩码', again: '重新开始', next: "h'", sum: '和',
        mean: '这些和的平均值', masks: '掩码个数', full: '不丢弃时',
        told: ({masks, mean, full}) => `${masks}个掩码的平均值是${mean}，` +
          `不丢弃时的和是${full}。`},
    },
    start: {rate: 0.5, divide: true, masks: 40, seed: 3},
    controls: [
      {kind: 'range', name: 'rate', min: 0, max: 0.9, step: 0.05,
        show: value => fixed(value, 2)},
      {kind: 'check', name: 'divide'},
      {kind: 'button', name: 'one', act: more(1)},
      {kind: 'button', name: 'many', act: more(5), times: 40},
      {kind: 'button', name: 'again', act: ({seed}) =>
        ({masks: 1, seed: seed + 1})}],
    formulas: {dropout, means, randoms, sum: () => sum(H)},
    panels: (state, words, ink) => [
      panel(320, 240, layer(state, words, ink)),
      panel(320, 240, settling(state, words, ink))],
    tell: (state, words) => words.told({masks: state.masks,
      mean: fixed(means(state).at(-1)[1], 2), full: fixed(sum(H), 2)}),
  });
}
