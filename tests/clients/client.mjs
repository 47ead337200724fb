// A client of croma serve that knows nothing but /openapi/v1.json: operations become functions, and every answer is
// held against its schema. It then does all that the API can. Usage: node client.mjs URL
import assert from 'node:assert';

const base = process.argv[2].replace(/\/$/, '');
const description = await (await fetch(`${base}/openapi/v1.json`)).json();
const called = new Set();

const resolve = schema => schema.$ref ? resolve(schema.$ref.slice(2).split('/').reduce((at, key) => at[key], description)) : schema;

function check(value, schema, path = '$') {
    schema = resolve(schema);
    for (const key of ['oneOf', 'anyOf'])
        if (schema[key]) {
            const fits = schema[key].filter(s => { try { check(value, s, path); return true; } catch { return false; } });
            assert(fits.length > 0, `${path} fits none of its schemas`);
            return;
        }
    const type = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
    const types = [schema.type ?? type].flat();
    assert(types.includes(type) || (type === 'integer' && types.includes('number')), `${path} is ${type}, not ${types}`);
    if (type === 'array' && schema.items) value.forEach((item, i) => check(item, schema.items, `${path}[${i}]`));
    if (type !== 'object' || !schema.properties) return;
    for (const name of schema.required ?? []) assert(name in value, `${path}.${name} is missing`);
    for (const [name, member] of Object.entries(value)) {
        assert(name in schema.properties, `${path}.${name} is not described`);
        check(member, schema.properties[name], `${path}.${name}`);
    }
}

async function call(path, method, operation, { body, query, ...values } = {}) {
    const url = new URL(base + path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name])));
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const isForm = body instanceof FormData;
    if (body) assert((isForm ? 'multipart/form-data' : 'application/json') in operation.requestBody.content, `${operation.operationId} takes no such body`);
    const response = await fetch(url, { method, body: isForm ? body : body && JSON.stringify(body), headers: body && !isForm ? { 'Content-Type': 'application/json' } : {} });
    called.add(operation.operationId);
    const described = operation.responses[response.status];
    assert(described, `${operation.operationId} answered ${response.status}, which is not described`);
    const type = response.headers.get('content-type')?.split(';')[0];
    if (response.status === 204) return { status: 204 };
    const content = described.content[type] ?? described.content['application/octet-stream'];
    assert(content, `${operation.operationId} answered ${type}, which is not described`);
    if (!type.endsWith('json') || !(type in described.content)) return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
    const json = await response.json();
    check(json, content.schema);
    return { status: response.status, json };
}

const api = {};
for (const [path, operations] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(operations)) api[operation.operationId] = options => call(path, method.toUpperCase(), operation, options);

const [model] = (await api.listModels()).json.models;
const width = model.featureShape.width;
const numbers = (way, i) => Array.from({ length: width }, (_, n) => Math.sin((way + 1) * (n + 1)) + 0.05 * Math.cos(7 * i + n));
const labelled = (way, i) => ({ class: `class ${way}`, name: `${way}.${i}`, features: numbers(way, i) });
const samples = [0, 1].flatMap(way => [0, 1, 2].map(i => labelled(way, i)));

const made = await api.createClassifier({ body: { model: model.id, name: 'made by a client', head: 'ridge', samples } });
assert.equal(made.status, 201);
const { id } = made.json;
assert.equal((await api.listClassifiers({ query: { model: model.id } })).json.classifiers[0].id, id);
assert.deepEqual((await api.getClassifier({ id })).json, made.json);

const extended = (await api.addSamples({ id, body: { samples: [0, 1].map(i => labelled(2, i)) } })).json;
assert.equal(extended.classes.length, 3);
const { predictions } = (await api.predict({ id, body: { inputs: [0, 1, 2].map(way => ({ features: numbers(way, 9) })), falseAlarmRate: 0 } })).json;
assert.deepEqual(predictions.map(p => p.class), ['class 0', 'class 1', 'class 2']);
for (const p of predictions) assert(Math.abs(p.probabilities.reduce((sum, c) => sum + c.probability, 0) - 1) < 1e-9);

const form = new FormData();
form.append('input', JSON.stringify(numbers(1, 9)));
form.append('falseAlarmRate', '0');
assert.equal((await api.predict({ id, body: form })).json.predictions[0].class, 'class 1');

const first = extended.classes[0].samples[0].id;
assert((await api.getSampleMedia({ id, sample: first })).bytes.length > 0);
assert.equal((await api.getMap({ id })).json.points.length, 8);
assert.equal((await api.deleteSample({ id, sample: first })).json.classes[0].samples.length, 2);
const found = (await api.retrieve({ id: model.id, body: { input: { features: numbers(0, 0) }, top: 100 } })).json.results;
assert.equal(found.length, 100);
const heard = found.find(f => f.mediaUrl);
assert((await api.getItemMedia({ id: model.id, item: heard ? heard.id : 0 })).status === (heard ? 200 : 404));

assert.equal((await api.predict({ id, body: { inputs: [{ features: [1] }] } })).status, 422);
assert.equal((await api.createClassifier({ body: { model: 'none', samples } })).status, 404);
assert.equal((await api.getHealth()).json.status, 'healthy');
assert.equal((await api.getReadiness()).json.status, 'ready');
assert((await api.getMetrics()).bytes.length > 0);
assert.equal((await api.deleteClassifier({ id })).status, 204);
assert.equal((await api.getClassifier({ id })).status, 404);

console.log(`${called.size} of ${Object.keys(api).length} operations called, answers as described`);
