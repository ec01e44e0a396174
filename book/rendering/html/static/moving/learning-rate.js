// Gradient descent in a valley: start and learning rate, and how steep the
// valley is across.
'use strict';

{
  const {plot, panel, tag, label, fixed, plain, short} = moving;
  const STEPS = 20;

  const valley = ([w1, w2], a) => w1 ** 2 + a * w2 ** 2;

  // Return the points that the descent visits.
  function descend(rate, start, a, steps = STEPS) {
    const path = [start];
    for (let step = 0; step < steps; step++) {
      const [w1, w2] = path.at(-1);
      path.push([w1 - rate * 2 * w1, w2 - rate * 2 * a * w2]);
    }
    return path;
  }

  // What a step multiplies both coordinates by, and the largest rate.
  const factors = (rate, a) => [1 - 2 * rate, 1 - 2 * a * rate];
  const border = a => 2 / (2 * a); // 2 / curvature

  const ellipse = (map, level, a, ink) => tag('ellipse', {
    cx: map.px(0), cy: map.py(0), fill: 'none', stroke: ink.line,
    rx: map.px(level ** 0.5) - map.px(0),
    ry: map.py(0) - map.py((level / a) ** 0.5)});

  // The rates from 0 to 0.2 with the two borders, and the one chosen.
  function strip({rate, a}, words, ink) {
    const line = plot({x: [0, 0.2], y: [0, 1], box: [40, 208, 272, 16]});
    const ends = [0, border(a) / 2, border(a), 0.2].map(x =>
      line.px(Math.min(x, 0.2)));
    const zones = ['creeps', 'swings', 'grows'].map((name, i) => {
      const [from, to] = [ends[i], ends[i + 1]];
      const fill = [ink.green, ink.blue, ink.orange][i];
      return [tag('rect', {x: from, y: 208, width: to - from, height: 16,
        fill, 'fill-opacity': 0.35}),
      to - from > 42 && label((from + to) / 2, 203, words[name], ink.text,
        {'font-size': 12})].filter(Boolean);
    });
    const marks = [border(a) / 2, border(a)].filter(x => x < 0.2);
    return [zones, marks.map(x => label(line.px(x), 240,
      plain(x), ink.muted, {'font-size': 12})),
    tag('path', {d: `M${line.px(rate).toFixed(1)} 204v24`,
      stroke: ink.text, 'stroke-width': 3}),
    label(28, 221, 'η', ink.text)];
  }

  const place = plot({x: [-5, 5], y: [-2.5, 2.5], box: [40, 26, 272, 136]});

  function map(path, {a}, ink) {
    return [place.axes(ink, {title: 'w₂', xticks: [-4, -2, 0, 2, 4],
      yticks: [-2, 0, 2]}), label(318, 178, 'w₁', ink.text),
    place.inside(
      [1, 5, 13, 26, 50].map(level => ellipse(place, level, a, ink)),
      label(place.px(0), place.py(0) + 5, '+', ink.text),
      place.line(path, ink.blue, {'stroke-width': 1.5}),
      place.dots(path, ink.blue, 2.5), place.dots([path[0]], ink.orange, 5))];
  }

  function curve(path, {a}, words, ink) {
    const place = plot({x: [0, STEPS], y: [1e-4, 1e4], log: true,
      box: [46, 26, 262, 180]});
    const values = path.map((w, step) => [step, valley(w, a)]);
    return [place.axes(ink, {title: 'f', xlabel: words.step,
      xticks: [0, 5, 10, 15, 20], yticks: [1e-4, 1e-2, 1, 1e2, 1e4]}),
    place.inside(place.line(values, ink.blue), place.dots(values, ink.blue))];
  }

  moving.define('learning-rate', {
    words: {
      en: {title: 'Gradient descent in a valley: the path on the map, ' +
          'and f after each step',
      rate: 'learning rate η', a: 'steepness across a',
      w1: 'start w₁', w2: 'start w₂', step: 'step',
      creeps: 'creeps', swings: 'zigzags', grows: 'diverges',
      told: ({end, first, second}) => `After 20 steps f = ${end}. Each ` +
          `step multiplies w₁ by ${first} and w₂ by ${second}.`,
      above: limit => ` η is above 2 / curvature = ${limit}: no step can ` +
          'lead to the floor.'},
      zh: {title: '山谷中的梯度下降：地图上的路线，以及每一步之后的f',
        rate: '学习率η', a: '横向的陡峭程度a', w1: '起点w₁', w2: '起点w₂',
        step: '步', creeps: '缓行', swings: '来回摆', grows: '发散',
        told: ({end, first, second}) => `20步之后f = ${end}。每一步把w₁乘以` +
          `${first}，把w₂乘以${second}。`,
        above: limit => `η超过了2 / 曲率 = ${limit}：再走多少步也到不了谷底。`},
    },
    start: {rate: 0.09, a: 10, w1: 4, w2: 1},
    controls: [
      {kind: 'range', name: 'rate', min: 0.002, max: 0.2, step: 0.001,
        show: value => fixed(value, 3)},
      {kind: 'range', name: 'a', min: 5, max: 20, step: 1},
      {kind: 'range', name: 'w1', min: -5, max: 5, step: 0.5,
        show: value => fixed(value, 1)},
      {kind: 'range', name: 'w2', min: -2, max: 2, step: 0.25,
        show: value => fixed(value, 2)}],
    formulas: {valley, descend, factors, border},
    // A touch of the map begins there.
    touch(index, x, y) {
      const [w1, w2] = [(x - 176) / 27.2, (94 - y) / 27.2];
      const snap = (value, step, most) => Math.max(-most, Math.min(most,
        Math.round(value / step) * step));
      return index || y > 162 ? {} :
        {w1: snap(w1, 0.5, 5), w2: snap(w2, 0.25, 2)};
    },
    panels(state, words, ink) {
      const path = descend(state.rate, [state.w1, state.w2], state.a);
      return [
        panel(330, 250, map(path, state, ink), strip(state, words, ink)),
        panel(320, 250, curve(path, state, words, ink))];
    },
    tell({rate, a, w1, w2}, words) {
      const end = short(valley(descend(rate, [w1, w2], a).at(-1), a));
      const [first, second] = factors(rate, a).map(x => fixed(x, 2));
      const limit = border(a);
      return words.told({end, first, second}) +
        (rate > limit ? words.above(plain(limit)) : '');
    },
  });
}
