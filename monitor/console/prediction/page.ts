import type { Instance } from '../../../core/manifest/manifest.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { distributionCells } from '../../charts/cells.js';
import { cellOf, valueMark } from '../../charts/value-mark.js';
import { figure, instant, percent } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { table } from '../../views/table.js';
import type { Page } from '../layout.js';
import type { ShownPrediction } from './stored.js';

/**
 * The page of one prediction: what went in, what came out, what came true, and how to do it again.
 * @param traceUrl  address of a trace with `{trace_id}` in it, where there is a trace store with pages to look at
 */
export function predictionPage(prediction: ShownPrediction, traceUrl?: string): Page {
  const { id, version } = prediction;
  const name = version.modelName;
  const main = html`<h1>Prediction <small class="id">${id}</small></h1>
<div class="answer-row"><div class="tile"><span>Answer</span><b>${answerOf(prediction)}</b></div><div class="tile"><span>Outcome</span><b>${prediction.outcome?.actual ?? 'not known yet'}</b></div>${agreement(prediction)}</div>
<div class="pair wide">${prediction.inputs && html`<section aria-labelledby="inputs-title"><h2 id="inputs-title">What was sent</h2>${inputTable(prediction.inputs, version)}</section>`}
<section aria-labelledby="features-title"><h2 id="features-title">What went in</h2>${featureTable(prediction)}</section>
${prediction.scores && html`<section aria-labelledby="scores-title"><h2 id="scores-title">Class probabilities</h2>${scoreTable(prediction)}</section>`}
</div>
<section aria-labelledby="record-title"><h2 id="record-title">On record</h2>${record(prediction, traceUrl)}</section>`;
  return { title: 'Prediction', main, trail: [{ text: name, href: `/models/${encodeURIComponent(name)}` }] };
}

function answerOf({ label, value, errorClass }: ShownPrediction): Content {
  return errorClass ? html`failed: ${errorClass}` : (label ?? figure(value));
}

function agreement({ outcome, label, value }: ShownPrediction): Content {
  if (!outcome) return undefined;
  if (label !== null) {
    const right = label === outcome.actual;
    return html`<div class="tile ${right ? 'right' : 'wrong'}"><span>The answer was</span><b>${right ? 'right' : 'wrong'}</b></div>`;
  }
  if (value === null) return undefined;
  return html`<div class="tile"><span>Off by</span><b>${figure(value - Number(outcome.actual))}</b></div>`;
}

function inputTable(inputs: Instance, { manifest }: ModelVersion): Html {
  return table(
    'The raw inputs, of which the features are made',
    [
      { head: 'Input', cell: ({ name, unit }) => html`${name}${unit && html` <small>${unit}</small>`}` },
      { head: 'Value', cell: ({ name }) => String(inputs[name] ?? 'missing') },
    ],
    manifest.inputs ?? [],
    { stacked: true },
  );
}

function featureTable({ version, features, outOfRange }: ShownPrediction): Html {
  const { manifest, referenceProfile } = version;
  const rows = manifest.features.map((feature) => {
    const subject = referenceProfile.subjects.find((s) => s.kind === 'feature' && s.name === feature.name);
    return { feature, value: features[feature.name] ?? null, cells: subject ? distributionCells(subject) : [] };
  });
  return table(
    'Each value beside the reference',
    [
      {
        head: 'Feature',
        cell: ({ feature }) => html`${feature.name}${feature.unit && html` <small>${feature.unit}</small>`}`,
      },
      {
        head: 'Value',
        cell: ({ feature, value }) =>
          html`${value === null ? 'missing' : String(value)}${outOfRange.includes(feature.name) && html` <span class="verdict warning">out of range</span>`}`,
        number: true,
      },
      { head: 'In the reference', cell: ({ feature, value, cells }) => valueMark(feature.name, cells, value) },
      {
        head: 'Rows like it there',
        cell: ({ value, cells }) => percent(cellOf(cells, value)?.reference_share ?? 0),
        number: true,
      },
    ],
    rows,
    { stacked: true },
  );
}

function scoreTable({ version, scores, label }: ShownPrediction): Html {
  const rows = version.manifest.classes.map((name, i) => ({ name, score: scores![i] ?? null }));
  return table(
    'As answered',
    [
      {
        head: 'Class',
        cell: ({ name }) => html`${name}${name === label && html` <span class="verdict ok">answered</span>`}`,
      },
      { head: 'Probability', cell: ({ score }) => figure(score), number: true },
    ],
    rows,
  );
}

function record(prediction: ShownPrediction, traceUrl: string | undefined): Html {
  const { id, version, requestedAt, source, latencyUs, requestId, traceId, outcome } = prediction;
  const entries: [string, Content][] = [
    [
      'Model',
      html`<a href="/models/${encodeURIComponent(version.modelName)}?version=${version.modelVersion}">${version.modelName}, version ${version.modelVersion}</a> (${version.state})`,
    ],
    ['Asked at', instant(requestedAt)],
    ['Source', source],
    ['Took', `${figure(latencyUs / 1_000)} ms from the parsed request to the answer of the model`],
    ['Request id', html`<code>${requestId}</code>`],
    ['Trace id', traceId ? trace(traceId, traceUrl) : 'none: the request was not traced'],
  ];
  if (outcome)
    entries.push([
      'Outcome',
      html`observed ${instant(outcome.observedAt)}, received ${instant(outcome.receivedAt)}, revision ${outcome.revision}`,
    ]);
  entries.push(['Model file', html`<code>${version.modelDigest}</code>`]);
  return html`<dl class="facts">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p>Asked again of the version that answered it, bit for bit: <code>npx plumbline replay ${id}</code></p>`;
}

/** A prediction has a trace id also where its trace was not sampled, which the row does not say. */
function trace(id: string, url: string | undefined): Html {
  if (url === undefined) return html`<code>${id}</code>`;
  const address = url.replaceAll('{trace_id}', () => encodeURIComponent(id));
  return html`<a href="${address}"><code>${id}</code></a>, if it was sampled`;
}
