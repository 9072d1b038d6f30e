// Compares openapi/*.yaml with the vendor's OpenAPI files: node build/compare-facts.js FOLDER [OURS]
// FOLDER contains a copy of the vendor's repositories of the API and of its notifications, in any subfolders. It prints what differs in our
// operations and in the notifications of chats, one fact a line: - ours, + the vendor's. Exit code: 0 no difference, 1 differences, 2 bad input.
'use strict';
const { readFileSync, readdirSync, statSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const yaml = require('./npm/node_modules/yaml');

const files = new Map();
function load(file) {
  try {
    if (!files.has(file)) files.set(file, yaml.parse(readFileSync(file, 'utf8')) ?? {});
    return files.get(file);
  } catch (error) {
    throw new Error(`${file}: ${error.message.split('\n')[0]}`);
  }
}

// A node with the file that contains it, for its references.
function follow(file, node) {
  for (let hops = 0; node?.$ref; hops++) {
    const [path, pointer = ''] = node.$ref.split('#');
    const at = path ? resolve(dirname(file), path) : file;
    const steps = pointer.split('/').filter(Boolean).map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
    const next = steps.reduce((it, step) => it?.[step], load(at));
    if (!next || hops > 20) throw new Error(`${file}: cannot follow ${node.$ref}`);
    [file, node] = [at, next];
  }
  return [file, node ?? {}];
}

const bounds = ['type', 'format', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'nullable'];
function schema(facts, at, file, node, inside = []) {
  [file, node] = follow(file, node);
  if (inside.includes(node)) return;
  for (const part of node.allOf ?? []) schema(facts, at, file, part, [...inside, node]);
  for (const bound of bounds) {
    // An object is an object, whether or not it has a type.
    if (node[bound] !== undefined && node[bound] !== 'object' && node[bound] !== false) facts.add(`${at}: ${bound} ${node[bound]}`);
  }
  if (node.enum) facts.add(`${at}: enum ${[...node.enum].sort().join(', ')}`);
  for (const name of node.required ?? []) facts.add(`${at}.${name}: required`);
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    facts.add(`${at}.${name}`);
    schema(facts, `${at}.${name}`, file, property, [...inside, node]);
  }
  if (node.items) schema(facts, `${at}[]`, file, node.items, [...inside, node]);
}

function content(facts, at, file, node) {
  for (const [type, media] of Object.entries(node?.content ?? {})) schema(facts, `${at} ${type}`, file, media.schema ?? {});
}

// The vendor has a quota per tariff, our contract one number; both are compared as calls per hour.
function quotas(operation) {
  const tariffs = Object.values(operation['x-resource-limit-config'] ?? {}).filter(it => it?.amount);
  const hours = { minutes: 1 / 60, hours: 1, days: 24 };
  return operation['x-quota-per-hour'] ? [operation['x-quota-per-hour']]
    : [...new Set(tariffs.map(it => it.amount / ((hours[it.period] ?? NaN) * (it['period-duration'] ?? 1))))];
}
const typeOf = reference => reference.split('/').pop().replace(/Notification$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

function factsOf(roots, wanted) {
  const facts = new Set();
  for (const root of roots) {
    for (const [path, item] of Object.entries(load(root).paths)) {
      const [file, methods] = follow(root, item);
      for (const [method, operation] of Object.entries(methods)) {
        const id = operation?.operationId;
        if (!id || (wanted && !wanted.has(id))) continue;
        facts.add(`${id}: ${method.toUpperCase()} ${path.replace(/^\/v\d+(?=\/)/, '')}`);
        for (const scope of operation['x-auth-scopes'] ?? []) facts.add(`${id}: scope ${scope}`);
        for (const quota of quotas(operation)) facts.add(`${id}: quota ${quota} an hour`);
        for (const given of [...(methods.parameters ?? []), ...(operation.parameters ?? [])]) {
          const [at, parameter] = follow(file, given);
          facts.add(`${id} ${parameter.in} ${parameter.name}${parameter.required ? ': required' : ''}`);
          schema(facts, `${id} ${parameter.in} ${parameter.name}`, at, parameter.schema ?? {});
        }
        for (const [status, response] of Object.entries(operation.responses ?? {})) {
          facts.add(`${id} ${status}`);
          content(facts, `${id} ${status}`, ...follow(file, response));
        }
        const [at, body] = follow(file, operation.requestBody);
        const [from, request] = follow(at, body.content?.['application/json']?.schema);
        const kinds = request.discriminator?.mapping ?? Object.fromEntries((request.anyOf ?? []).map(it => [typeOf(it.$ref), it.$ref]));
        for (const [type, reference] of Object.entries(kinds).filter(([it]) => /^(PING|CHAT_.*)$/.test(it))) {
          facts.add(`notification ${type}`);
          schema(facts, `notification ${type}`, from, { $ref: reference });
        }
        if (Object.keys(kinds).length === 0) content(facts, `${id} body`, at, body);
      }
    }
  }
  // In the vendor's file each notification has its type; in ours, their base schema has it.
  return new Set([...facts].filter(fact => !/^notification .*\.notificationType\b/.test(fact)));
}

function rootsIn(folder) {
  const all = readdirSync(folder, { recursive: true }).filter(name => /\.ya?ml$/.test(name)).map(name => resolve(folder, name)).sort();
  const roots = all.filter(file => statSync(file).isFile() && /^openapi:/m.test(readFileSync(file, 'utf8')) && load(file).paths);
  if (roots.length === 0) throw new Error(`${folder} contains no OpenAPI file with paths.`);
  return roots;
}

try {
  const [folder, own = join(__dirname, '../openapi')] = process.argv.slice(2);
  if (!folder) throw new Error('Name the folder with the copy of the vendor\'s files.');
  const ours = factsOf(rootsIn(own));
  const vendors = factsOf(rootsIn(folder), new Set([...ours].filter(fact => /^\w+: [A-Z]+ \//.test(fact)).map(fact => fact.split(':')[0])));
  const differences = [...new Set([...ours, ...vendors])].filter(fact => !ours.has(fact) || !vendors.has(fact)).sort();
  for (const fact of differences) console.log(`${ours.has(fact) ? '-' : '+'} ${fact}`);
  console.log(`${differences.length} differences, ${ours.size} facts.`);
  process.exitCode = differences.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
