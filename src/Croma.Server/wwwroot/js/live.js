/** A classifier that is being taught: what it knows at the server, and what is on the way there. */

import { count } from './dom.js';
import * as api from './api.js';

export function liveClassifier(id) {
  const live = { id, data: null, pending: [], fresh: null, tries: [], concepts, add, remove, learn, listen };
  let view = null;
  let turn = Promise.resolve();

  /** The view that shows it now; what an earlier one showed is gone. */
  function listen(listener) {
    view = listener;
  }

  /** Concepts with the samples that are on the way among them. */
  function concepts() {
    const known = live.data.classes.map(each => ({ name: each.name, samples: [...each.samples] }));
    for (const sample of live.pending) {
      let concept = known.find(each => each.name === sample.concept);
      if (!concept) known.push(concept = { name: sample.concept, samples: [] });
      concept.samples.push(sample);
    }
    return known.map((concept, index) => ({ ...concept, index }));
  }

  /** Adds samples to a concept, and adapts; what the server refuses stays, marked, and can be sent again or removed. */
  function add(concept, samples) {
    live.pending.push(...samples.map(sample => ({ ...sample, concept, waits: true })));
    view.changed();
    flush();
  }

  // one change at a time, in order
  function inTurn(work) {
    turn = turn.then(work, work);
    return turn;
  }

  const flush = () => inTurn(async () => {
    const batch = [...live.pending];
    if (!batch.length) return;
    for (const sample of batch) Object.assign(sample, { sent: true, refused: false });
    view.started();
    try {
      live.data = await view.during(`Learning from ${count(batch.length, 'sample')} …`, signal => api.extend(id, batch, signal));
      live.pending = live.pending.filter(sample => !batch.includes(sample));
      view.changed(`Adapted to ${count(batch.length, 'new sample')}.`);
    } catch (error) {
      for (const sample of batch) Object.assign(sample, { sent: false, refused: Boolean(error.detail?.includes(sample.name)) });
      view.changed();
      view.failed(error, flush);
    }
  });

  /** Learns from one sample that was classified. Fails where the server refuses it. */
  function learn(sample, concept) {
    return inTurn(async () => {
      live.data = await view.during('Learning from your correction …', signal => api.extend(id, [{ ...sample, concept }], signal));
      view.changed(`Learned that ${sample.name} is ${concept}.`);
    });
  }

  /** Takes a sample away, and adapts. */
  function remove(sample) {
    if (live.pending.includes(sample)) {
      if (sample.sent) return;
      live.pending = live.pending.filter(each => each !== sample);
      view.started();
      view.changed();
      return;
    }
    sample.waits = true;
    view.changed();
    inTurn(async () => {
      view.started();
      try {
        live.data = await view.during(`Forgetting ${sample.name} …`, () => api.removeSample(id, sample.id), false);
        view.changed(`${sample.name} removed.`);
      } catch (error) {
        sample.waits = false;
        view.changed();
        view.failed(error, error.status === 0 ? () => remove(sample) : null);
      }
    });
  }
  return live;
}
