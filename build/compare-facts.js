// Compares openapi/*.yaml with the vendor's OpenAPI files: node build/compare-facts.js FOLDER [OURS]
// FOLDER holds a copy of the vendor's repositories of the API and of its notifications, in any subfolders. It prints what differs in our
// operations and in the notifications of chats, one fact a line: - ours, + the vendor's. Exit code: 0 no difference, 1 differences, 2 bad input.
'use strict';
const { readFileSync, readdirSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { parse } = require('./linter/node_modules/yaml');

const files = new Map();
const load = file => files.get(file) ?? files.set(file, parse(readFileSync(file, 'utf8')) ?? {}).get(file);

// A node with the file it stands in, for its references.
function follow(file, node) {
  while (node?.$ref) {
    const [path, pointer = ''] = node.$ref.split('#');
    const target = path ? resolve(dirname(file), path) : file;
    const found = pointer.split('/').slice(1).reduce((it, step) => it?.[step], load(target));
    if (!found) throw new Error(`${file}: cannot follow ${node.$ref}`);
    [file, node] = [target, found];
  }
  return [file, node ?? {}];
}

const bounds = ['type', 'format', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'nullable'];
function schema(facts, at, file, node, inside = []) {
  [file, node] = follow(file, node);
  if (inside.includes(node)) return;
  const within = [...inside, node];
  for (const part of node.allOf ?? []) schema(facts, at, file, part, within);
  for (const bound of bounds) {
    // An object is one, whether it says so or not.
    if (![undefined, 'object', false].includes(node[bound])) facts.add(`${at}: ${bound} ${node[bound]}`);
  }
  if (node.enum) facts.add(`${at}: enum ${[...node.enum].sort().join(', ')}`);
  for (const name of node.required ?? []) facts.add(`${at}.${name}: required`);
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    facts.add(`${at}.${name}`);
    schema(facts, `${at}.${name}`, file, property, within);
  }
  if (node.items) schema(facts, `${at}[]`, file, node.items, within);
}

function content(facts, at, file, node) {
  for (const [type, media] of Object.entries(node.content ?? {})) schema(facts, `${at} ${type}`, file, media.schema);
}

// The vendor has a quota per tariff, we have the one number; both as calls an hour.
function quotas(operation) {
  const hours = { minutes: 1 / 60, hours: 1, days: 24 };
  const tariffs = Object.values(operation['x-resource-limit-config'] ?? {}).filter(it => it?.amount);
  return [operation['x-quota-per-hour'] ?? tariffs.map(it => it.amount / (hours[it.period] * (it['period-duration'] ?? 1)))].flat();
}

const typeOf = reference => reference.split('/').pop().replace(/Notification$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
function body(facts, id, file, operation) {
  const [at, given] = follow(file, operation.requestBody);
  const [from, request] = follow(at, given.content?.['application/json']?.schema);
  const kinds = Object.entries(request.discriminator?.mapping ?? Object.fromEntries((request.anyOf ?? []).map(it => [typeOf(it.$ref), it.$ref])));
  for (const [type, reference] of kinds.filter(([it]) => /^(PING|CHAT_.*)$/.test(it))) {
    facts.add(`notification ${type}`);
    schema(facts, `notification ${type}`, from, { $ref: reference });
  }
  if (kinds.length === 0) content(facts, `${id} body`, at, given);
}

function factsOf(folder, wanted) {
  const facts = new Set();
  const roots = readdirSync(folder, { recursive: true }).filter(name => /\.ya?ml$/.test(name)).map(name => resolve(folder, name)).filter(file => load(file).paths);
  for (const [root, path, item] of roots.flatMap(it => Object.entries(load(it).paths).map(entry => [it, ...entry]))) {
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
        schema(facts, `${id} ${parameter.in} ${parameter.name}`, at, parameter.schema);
      }
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        facts.add(`${id} ${status}`);
        content(facts, `${id} ${status}`, ...follow(file, response));
      }
      body(facts, id, file, operation);
    }
  }
  if (facts.size === 0) throw new Error(`${folder} holds none of the operations.`);
  // Each notification has its type; with us the base of them has it.
  return new Set([...facts].filter(fact => !/^notification .*\.notificationType\b/.test(fact)));
}

try {
  const [folder, own = join(__dirname, '../openapi')] = process.argv.slice(2);
  if (!folder) throw new Error('Name the folder with the copy of the vendor\'s files.');
  const ours = factsOf(own);
  const vendors = factsOf(folder, new Set([...ours].map(fact => /^(\w+): [A-Z]+ \//.exec(fact)?.[1])));
  const missing = (facts, others, sign) => [...facts].filter(fact => !others.has(fact)).map(fact => `${sign} ${fact}`);
  const lines = [...missing(ours, vendors, '-'), ...missing(vendors, ours, '+')];
  for (const line of lines.sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1))) console.log(line);
  console.log(`${lines.length} differences, ${ours.size} facts.`);
  process.exitCode = lines.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
