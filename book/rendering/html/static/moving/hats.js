// One to eight ReLU units, each with its bend, follow a sine.
'use strict';

{
  const {plot, panel, fixed} = moving;
  const END = 2 * Math.PI;
  const GRID = Array.from({length: 628}, (_, i) => i / 100); // the chapter's

  const relu = x => Math.max(x, 0);

  // Sum the units: at its bend each changes the slope.
  const network = (x, bends, changes) => bends.reduce(
    (sum, bend, i) => sum + changes[i] * relu(x - bend), 0);

  // Return the units that meet the sine at equal distances: n - 1 hats.
  function evenly(n) {
    const bends = Array.from({length: n}, (_, i) => END * i / n);
    const slopes = bends.map(x =>
      (Math.sin(x + END / n) - Math.sin(x)) * n / END);
    return {bends, changes: slopes.map((x, i) => x - (slopes[i - 1] ?? 0))};
  }

  const largestError = (bends, changes) => Math.max(...GRID.map(x =>
    Math.abs(network(x, bends, changes) - Math.sin(x))));

  // The units that take part.
  const used = ({n, bends, changes}) =>
    [bends.slice(0, n), changes.slice(0, n)];

  // Spread n units; eight are kept, so that more can be called for.
  function spread({n}) {
    const {bends, changes} = evenly(n);
    const more = Array.from({length: 8 - n}, (_, i) => END * (i + 1) / 9);
    return {bends: [...bends, ...more], shown: 0,
      changes: [...changes, ...more.map(() => 0)]};
  }

  // A new number of units is spread anew; the sliders of bend and change
  // belong to the unit that is chosen.
  function settle(given) {
    const state = given.n === given.spreadFor ? given
      : {...given, ...spread(given), spreadFor: given.n};
    const unit = Math.min(state.unit, state.n);
    if (unit !== state.shown) {
      return {...state, unit, shown: unit, bend: state.bends[unit - 1],
        change: state.changes[unit - 1]};
    }
    return {...state, bends: state.bends.with(unit - 1, state.bend),
      changes: state.changes.with(unit - 1, state.change)};
  }

  const XTICKS = [[0, '0'], [Math.PI, 'π'], [END, '2π']];

  function sum(state, words, ink) {
    const [bends, changes] = used(state);
    const place = plot({x: [0, END], y: [-1.6, 1.6]});
    const at = x => [x, network(x, bends, changes)];
    return [place.axes(ink, {title: words.sum, xlabel: 'x', xticks: XTICKS,
      yticks: [-1, 0, 1]}),
    place.inside(
      place.line(GRID.filter((_, i) => i % 6 === 0).map(x =>
        [x, Math.sin(x)]), ink.orange, {'stroke-dasharray': '5 4'}),
      place.line([0, ...bends, END].sort((a, b) => a - b).map(at), ink.blue),
      place.dots(bends.map(at), ink.blue),
      place.dots([at(bends[state.unit - 1])], ink.orange, 5))];
  }

  function units(state, words, ink) {
    const [bends, changes] = used(state);
    const place = plot({x: [0, END], y: [-8, 8]});
    return [place.axes(ink, {title: words.units, xlabel: 'x', xticks: XTICKS,
      yticks: [-5, 0, 5]}),
    place.inside(bends.map((bend, i) => {
      const chosen = i === state.unit - 1;
      return place.line([0, bend, END].map(x =>
        [x, changes[i] * relu(x - bend)]), chosen ? ink.orange : ink.blue,
      {'stroke-width': chosen ? 3 : 1.2});
    }))];
  }

  moving.define('hats', {
    words: {
      en: {title: 'A sine and the sum of ReLU units, and the units one by ' +
          'one', n: 'number of units', unit: 'unit', bend: 'its bend at x',
      change: 'its change of slope', spread: 'Spread evenly',
      sum: 'sum of the units, and the sine', units: 'the units',
      told: (n, error) => `With ${n} ${n === 1 ? 'unit' : 'units'} the ` +
          `largest error is ${error}.`},
      zh: {title: '正弦与ReLU单元之和，以及各个单元', n: '单元个数',
        unit: '第几个单元', bend: '它在x的哪里转折', change: '它使斜率改变多少',
        spread: '等距排开', sum: '各单元之和与正弦', units: '各个单元',
        told: (n, error) => `用${n}个单元，最大误差是${error}。`},
    },
    start: settle({n: 4, unit: 2}),
    controls: [
      {kind: 'range', name: 'n', min: 1, max: 8, step: 1},
      {kind: 'range', name: 'unit', min: 1, max: 8, step: 1},
      {kind: 'range', name: 'bend', min: 0, max: 6.28, step: 'any',
        show: value => fixed(value, 2)},
      {kind: 'range', name: 'change', min: -4, max: 4, step: 'any',
        show: value => fixed(value, 2)},
      {kind: 'button', name: 'spread', act: spread}],
    formulas: {network, evenly, largestError},
    settle,
    panels: (state, words, ink) => [
      panel(320, 240, sum(state, words, ink)),
      panel(320, 240, units(state, words, ink))],
    tell: (state, words) =>
      words.told(state.n, fixed(largestError(...used(state)), 3)),
  });
}
