/** How often a classifier is right, and how sure that is. */

import { h, s, count, percent } from './dom.js';

const WIDTH = 200;

/**
 * A scale from 0 to 100 % with the interval, the estimate and what guessing would reach.
 * @param {object} estimate accuracy, low and high as shares
 * @param {number} classes
 */
export function intervalBar(estimate, classes) {
  const at = share => 6 + share * (WIDTH - 12);
  return s('svg.interval', { viewBox: `0 0 ${WIDTH} 16`, 'aria-hidden': 'true' },
    s('line.scale', { x1: 6, x2: WIDTH - 6, y1: 8, y2: 8 }),
    s('line.guess', { x1: at(1 / classes), x2: at(1 / classes), y1: 2, y2: 14 }),
    s('line.reach', { x1: at(estimate.low), x2: at(estimate.high), y1: 8, y2: 8 }),
    s('circle', { cx: at(estimate.accuracy), cy: 8, r: 5 }));
}

/** What is said of the estimate in one sentence. */
export const inWords = estimate => estimate
  ? `Right about ${percent(estimate.accuracy)} of the time; with so few samples that may be anything from ${Math.round(100 * estimate.low)} to ${Math.round(100 * estimate.high)} %.`
  : 'No estimate of its accuracy yet: that takes a second sample of at least one concept.';

/** The panel at the head of a classifier. */
export function estimatePanel(classifier) {
  const { estimate, classes, falseAlarmRate, smallestFalseAlarmRate } = classifier;
  const samples = classes.reduce((sum, each) => sum + each.samples.length, 0);
  const strangers = smallestFalseAlarmRate === null ? 'It cannot tell yet when something is none of these: that takes a second sample of at least one concept.'
    : smallestFalseAlarmRate > falseAlarmRate ? `It does not yet say ‘none of these’: to turn away at most ${percent(falseAlarmRate)} of what it knows, it needs more samples (as it is, ${percent(smallestFalseAlarmRate)} would be the least).`
      : `What is like none of its samples it calls ‘none of these’, and with that at most about ${percent(falseAlarmRate)} of what it knows.`;
  return [
    h('h2', null, 'How good it is'),
    estimate
      ? h('div.verdict', null,
        h('p.share', null, h('b.number', null, percent(estimate.accuracy)), ' right'),
        h('div.scale', null, intervalBar(estimate, classes.length),
          h('p.note', null, `Between ${Math.round(100 * estimate.low)} and ${Math.round(100 * estimate.high)} % (95 % interval). Guessing: ${percent(1 / classes.length)}.`)))
      : h('p', null, inWords(null)),
    estimate && h('p.note', null, `${estimate.right} of ${count(estimate.samples, 'sample')} were named rightly from the others. ${estimate.high - estimate.low > .3 ? 'More samples make this surer.' : ''}`),
    h('p.note', null, `${strangers} ${samples < 2 * classes.length ? 'Five samples of each concept are a good aim.' : ''}`),
  ];
}
