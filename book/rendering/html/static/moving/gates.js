// What is left of a memory, and of a gradient, after many steps.
'use strict';

{
  const {plot, panel, label, fixed, short} = moving;

  const sigmoid = x => 1 / (1 + Math.exp(-x));

  // A bias keeps the share `sigmoid(bias)` of each step.
  const kept = (bias, steps) => sigmoid(bias) ** steps;

  // Return the memory after each step, in two parts: what is left of the
  // first value, 1, and what was written since, with the candidate 1.
  function memory(bias, input, steps) {
    const found = [[1, 0]];
    for (let step = 0; step < steps; step++) {
      const [old, written] = found.at(-1);
      const forget = sigmoid(bias);
      found.push([forget * old, forget * written + input]);
    }
    return found;
  }

  const FLOOR = 1e-12;
  const YTICKS = [1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3];
  const ticks = steps =>
    [0, 1, 2, 3, 4].map(i => i * (steps > 40 ? 25 : 10))
      .filter(k => k <= steps);
  const from = steps => Array.from({length: steps + 1}, (_, k) => k);

  function both({bias, input, steps}, words, ink) {
    const place = plot({x: [0, steps], y: [FLOOR, 1e3], log: true,
      box: [50, 26, 260, 170]});
    const parts = memory(bias, input, steps);
    return [place.axes(ink, {title: words.memory, xlabel: words.after,
      xticks: ticks(steps), yticks: YTICKS}),
    place.inside(
      place.line(parts.map(([old], k) => [k, old]), ink.blue),
      place.line(parts.map(([, written], k) => [k, written]).slice(1),
        ink.green, {'stroke-dasharray': '6 3'}))];
  }

  function gradients({bias, factor, steps}, words, ink) {
    const place = plot({x: [0, steps], y: [FLOOR, 1e3], log: true,
      box: [50, 26, 260, 170]});
    return [place.axes(ink, {title: words.gradient, xlabel: words.back,
      xticks: ticks(steps), yticks: YTICKS}),
    place.inside(
      place.line(from(steps).map(k => [k, kept(bias, k)]), ink.blue),
      place.line(from(steps).map(k => [k, factor ** k]), ink.orange,
        {'stroke-dasharray': '6 3'}))];
  }

  const key = (ink, entries) => entries.map(([x, text, colour, dashed]) => [
    moving.tag('path', {d: `M${x} 248h22`, stroke: ink[colour],
      'stroke-width': 2, 'stroke-dasharray': dashed ? '6 3' : 'none'}),
    label(x + 28, 252, text, ink.text, {'text-anchor': 'start'})]);

  moving.define('gates', {
    words: {
      en: {title: 'The memory after each step, and the gradient on its way ' +
          'back, on logarithmic axes',
      bias: 'bias of the forget gate', input: 'input gate',
      factor: 'factor of the plain network', steps: 'steps',
      memory: 'memory', gradient: 'gradient', after: 'steps forward',
      back: 'steps back', first: 'first value', written: 'written since',
      along: 'along the memory', plain: 'plain network',
      told: x => `The forget gate is ${x.gate}. After ${x.steps} steps ` +
          `${x.kept} is left of the first value, and as much of the ` +
          `gradient; the plain network leaves ${x.plain} of its own.`},
      zh: {title: '每一步之后的记忆，以及往回传的梯度，纵轴为对数刻度',
        bias: '遗忘门的偏置', input: '输入门', factor: '普通网络的因子',
        steps: '步数', memory: '记忆', gradient: '梯度', after: '向前的步数',
        back: '往回的步数', first: '最初的值', written: '后来写入的',
        along: '沿记忆', plain: '普通网络',
        told: x => `遗忘门是${x.gate}。${x.steps}步之后，最初的值还剩` +
          `${x.kept}，梯度也剩这么多；普通网络的梯度剩${x.plain}。`},
    },
    start: {bias: 4, input: 0.25, factor: 0.9, steps: 35},
    controls: [
      {kind: 'range', name: 'bias', min: -2, max: 6, step: 0.25,
        show: value => `${fixed(value, 2)} → ${fixed(sigmoid(value), 3)}`},
      {kind: 'range', name: 'input', min: 0, max: 1, step: 0.05,
        show: value => fixed(value, 2)},
      {kind: 'range', name: 'factor', min: 0.5, max: 1.2, step: 0.01,
        show: value => fixed(value, 2)},
      {kind: 'range', name: 'steps', min: 10, max: 100, step: 5}],
    formulas: {kept, memory},
    panels: (state, words, ink) => [
      panel(320, 262, both(state, words, ink),
        key(ink, [[50, words.first, 'blue'],
          [180, words.written, 'green', true]])),
      panel(320, 262, gradients(state, words, ink),
        key(ink, [[26, words.along, 'blue'],
          [186, words.plain, 'orange', true]]))],
    tell: ({bias, factor, steps}, words) => words.told({steps,
      gate: fixed(sigmoid(bias), 2), kept: short(kept(bias, steps)),
      plain: short(factor ** steps)}),
  });
}
