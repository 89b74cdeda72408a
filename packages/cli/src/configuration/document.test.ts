import { readAccessDuration, writeAccessDuration } from '@sallyport/model/access-duration';
import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { WEBHOOK_TYPES } from '../webhook-types.ts';
import { bundles } from './bundles.ts';
import { diffLines } from './diff-lines.ts';
import { formatConfiguration, parseConfiguration } from './document.ts';
import { plainDuration } from './duration.ts';
import { isSame } from './is-same.ts';
import { requestConditions } from './request-conditions.ts';
import { SECTIONS } from './sections.ts';
import { zones } from './zones.ts';

const reasonsOf = (text: string): readonly string[] => {
  try {
    parseConfiguration(text);
  } catch (error) {
    if (error instanceof CliError) return error.options.reasons ?? [];
    throw error;
  }
  return [];
};

describe('a configuration document', () => {
  it('is read with what it leaves out filled in', () => {
    const document = parseConfiguration('version: 1\nzones:\n  office: { gateways: [203.0.113.0/24] }\n');
    expect([...document.keys()]).toEqual([zones]);
    expect(document.get(zones)?.get('office')).toEqual({
      type: 'IP',
      usage: 'POLICY',
      status: 'ACTIVE',
      gateways: ['203.0.113.0/24'],
      proxies: [],
      conditions: {},
    });
  });

  it('may be JSON', () => {
    expect(parseConfiguration('{"version": 1, "groups": {"On call": {}}}').size).toBe(1);
  });

  it.each([
    ['', ['it must begin with version: 1']],
    ['- 1', ['it must begin with version: 1']],
    ['version: 2', ['version: must be 1']],
    ['version: 1\nzonez: {}', ['there is no section zonez']],
    ['version: 1\nzones: [a]', ['zones: must have entries by name']],
    ['version: 1\nzones: { a: { gateway: [] } }', ['zones.a: there is no field gateway']],
    ['version: 1\nzones: { a: { gateways: 1.2.3.4 } }', ['zones.a: gateways: must be a list of addresses']],
    ['version: 1\nzones: { a: { type: GEO } }', ['zones.a: type: must be IP, DYNAMIC or DYNAMIC_V2']],
    ['version: 1\nzones: { a: { conditions: { asns: ["1"] } } }', ['zones.a: conditions: an IP zone has none']],
    [
      'version: 1\nzones: { a: { type: DYNAMIC, gateways: [192.0.2.1], conditions: { asns: ["1"] } } }',
      ['zones.a: gateways: a dynamic zone has none, nor proxies'],
    ],
    ['version: 1\nzones: { a: { type: DYNAMIC, conditions: { asn: 1 } } }', ['zones.a: conditions: there is no asn']],
    ['version: 1\nzones: { a: 7 }', ['zones.a: must have fields']],
    ['version: 1\nroles: { a: { permissions: [x] } }', ['roles.a: description: must be given']],
    [
      'version: 1\nadminConsole: { sessionIdleTimeoutMinutes: 15 }',
      ['adminConsole: sessionMaxLifetimeMinutes: must be given'],
    ],
    [
      'version: 1\nbundles: { a: { roles: { X: {}, Y: { groups: [] }, Z: { zones: [a] }, Q: everything } }, b: { roles: {} } }',
      [
        'bundles.a: roles.X: must be everything, or have groups, apps, resourceSets, each with names',
        'bundles.a: roles.Y: must be everything, or have groups, apps, resourceSets, each with names',
        'bundles.a: roles.Z: there is no field zones',
        'bundles.b: roles: must name a role, and over what',
      ],
    ],
    [
      'version: 1\nrequestSequences: { a: { steps: [{ approvers: anybody }, { approvers: { people: [] }, count: few }] }, b: { steps: [] } }',
      [
        'requestSequences.a: steps.0.approvers: must be admins, super-admins, manager, owner, or have people, a group or a permission',
        'requestSequences.a: steps.1.approvers: must be admins, super-admins, manager, owner, or have people, a group or a permission',
        'requestSequences.a: steps.1.count: must be a number',
        'requestSequences.b: steps: must be a list of steps',
      ],
    ],
    // A list of nobody must not become everybody.
    [
      'version: 1\nrequestConditions: { group Ops: { conditions: [{ name: x, requesters: [], sequence: s }, { name: x, sequence: s, duration: PT8H, ticket: always }] } }',
      [
        'requestConditions.group Ops: conditions.0.requesters: must be everyone, or a list of groups, by name',
        'requestConditions.group Ops: conditions.1.requesters: must be everyone, or a list of groups, by name',
        'requestConditions.group Ops: conditions.1.duration: must be fixed or upTo, such as PT8H',
        'requestConditions.group Ops: conditions.1.ticket: must be required or optional',
        'requestConditions.group Ops: conditions: x stands there twice',
      ],
    ],
    [
      'version: 1\nrequestConditions: { Ops: { conditions: [] } }',
      [
        'requestConditions.Ops: must be console, group and its name, app and its name, or service-account and its login',
        'requestConditions.Ops: conditions: must be a list with one at least',
      ],
    ],
    ['version: 1\nwebhooks: { a: { url: https://x, secret: y } }', ['webhooks.a: there is no field secret']],
    [
      'version: 1\nwebhooks: { a: { url: https://x, types: [] }, b: { url: https://x, types: [grant.taken] } }',
      ['a', 'b'].map((name) => `webhooks.${name}: types: must be a list of ${WEBHOOK_TYPES.join(', ')}`),
    ],
    [
      'version: 1\nresourceSets: { a: { description: b, resources: { /api/v1/users: whole, "orn:x": {} } } }',
      [
        'resourceSets.a: resources: /api/v1/users is no resource name; those begin with orn:',
        'resourceSets.a: resources.orn:x: must be whole, or except with a list of names',
      ],
    ],
    [
      'version: 1\npolicies: { a: { type: ACCESS_POLICY, rules: [{ name: x, actions: {} }, { name: x, action: {} }] } }',
      [
        'policies.a: rules.1: there is no field action',
        'policies.a: rules.1.actions: must be given',
        'policies.a: rules.1.name: x stands there twice',
      ],
    ],
  ])('%j is refused, with every reason', (text, reasons) => {
    expect(reasonsOf(text)).toEqual(reasons);
  });

  it('is refused with a key that stands there twice, and with one that unfolds without end', () => {
    expect(reasonsOf('version: 1\nzones: { a: {} }\nzones: {}')).toHaveLength(1);
    const bomb = ['version: 1', 'a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [i, name] of [...'bcdefghi'].entries())
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`);
    expect(() => parseConfiguration(bomb.join('\n'))).toThrow();
  });

  it('takes names of prototypes for names', () => {
    const document = parseConfiguration('version: 1\nzones: { constructor: {}, toString: {} }');
    expect([...(document.get(zones)?.keys() ?? [])]).toEqual(['constructor', 'toString']);
    expect(reasonsOf('version: 1\nzones: { a: { constructor: 1 } }')).toEqual([
      'zones.a: there is no field constructor',
    ]);
    expect(reasonsOf('version: 1\n__proto__: { zones: {} }')).toEqual(['there is no section __proto__']);
  });

  it('comes back from its own text', () => {
    const entry = {
      type: 'IP',
      usage: 'BLOCKLIST',
      status: 'ACTIVE',
      gateways: ['192.0.2.1-192.0.2.9'],
      proxies: [],
      conditions: {},
    };
    const text = formatConfiguration(new Map([[zones, [{ name: 'no: "yes"', id: 'x', isBuiltIn: false, entry }]]]));
    expect(parseConfiguration(text).get(zones)?.get('no: "yes"')).toEqual(entry);
  });

  it('has each section once, and those that are named before those that name', () => {
    const keys = SECTIONS.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const [named, naming] of [
      ['zones', 'policies'],
      ['groups', 'policies'],
      ['roles', 'resourceSets'],
      ['zones', 'sessionBinding'],
      ['resourceSets', 'bundles'],
      ['bundles', 'requestConditions'],
      ['requestSequences', 'requestConditions'],
    ] as const)
      expect(keys.indexOf(named)).toBeLessThan(keys.indexOf(naming));
  });
});

describe('what ends for others', () => {
  const condition = (name: string, openRequests: number) => ({ id: name, condition: { name }, openRequests });
  const conditions = { id: 'g', name: 'group Ops', conditions: [condition('Long', 2), condition('Short', 0)] } as never;
  const bundle = (openGrants: number) => ({ id: 'b', name: 'Night desk', openGrants }) as never;
  it('is told of what is deleted, and of nothing that stays', () => {
    const told = ['2 open request(s) by Long give nothing any more'];
    expect(requestConditions.ends?.(conditions, null)).toEqual(told);
    expect(requestConditions.ends?.(conditions, { conditions: [{ name: 'Short' }] })).toEqual(told);
    expect(requestConditions.ends?.(conditions, { conditions: [{ name: 'Long' }] })).toEqual([]);
    expect(bundles.ends?.(bundle(3), null)).toEqual(['3 grant(s) of it end']);
    expect([bundles.ends?.(bundle(0), null), bundles.ends?.(bundle(3), {})]).toEqual([[], []]);
  });
});

describe('lengths of time', () => {
  it.each([
    ['PT24H', 'P1D'],
    ['P1W', 'P7D'],
    ['PT90M', 'PT1H30M'],
    ['PT26H0M5S', 'P1DT2H5S'],
    ['PT8H', 'PT8H'],
    ['8 hours', '8 hours'],
  ])('%s is %s', (given, plain) => {
    expect(plainDuration(given)).toBe(plain);
    const seconds = readAccessDuration(given);
    expect(seconds === null ? given : writeAccessDuration(seconds)).toBe(plain);
  });
});

describe('what is the same', () => {
  it.each([
    [{ a: null, b: [] }, {}],
    [{ a: ['x', 'y'] }, { a: ['y', 'x'] }],
    [{ a: { b: { c: null } } }, undefined],
    [
      { b: 1, a: 2 },
      { a: 2, b: 1 },
    ],
  ])('%j and %j', (a, b) => expect(isSame(a, b)).toBe(true));
  it.each([
    [{ a: false }, {}],
    [{ a: 0 }, {}],
    [{ a: [{ x: 1 }, { x: 2 }] }, { a: [{ x: 2 }, { x: 1 }] }],
    [{ a: '1' }, { a: 1 }],
  ])('not %j and %j', (a, b) => expect(isSame(a, b)).toBe(false));
});

describe('what differs', () => {
  it('is told by a line for each value', () => {
    expect(
      diffLines(
        '',
        { status: 'ACTIVE', gateways: ['a', 'b'], description: 'x', deep: { is: true } },
        { status: 'INACTIVE', gateways: ['b', 'c'], deep: { is: false }, more: 1 },
      ),
    ).toEqual([
      '~ status: ACTIVE → INACTIVE',
      '- gateways: a',
      '+ gateways: c',
      '- description: x',
      '~ deep.is: true → false',
      '+ more: 1',
    ]);
  });

  it('tells things without names by their places', () => {
    const step = (count: number) => ({ approvers: 'admins', count });
    expect(diffLines('steps', [step(1), step(1)], [step(1), step(2), step(3)])).toEqual([
      '~ steps.1.count: 1 → 2',
      '+ steps.2.approvers: admins',
      '+ steps.2.count: 3',
    ]);
  });

  it('tells things with names by name, and their order', () => {
    const rule = (name: string, access: string) => ({ name, actions: { access } });
    const [a, b] = [rule('a', 'ALLOW'), rule('b', 'ALLOW')];
    expect(diffLines('rules', [a, b], [b, rule('a', 'DENY')])).toEqual([
      '~ rules.a.actions.access: ALLOW → DENY',
      '~ rules: order a, b → b, a',
    ]);
  });
});
