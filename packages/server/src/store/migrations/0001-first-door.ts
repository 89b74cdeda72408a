import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

type Column = `${string}:${'text' | 'bigint' | 'smallint' | 'integer'}${'' | '?'}`;

const TABLES: Readonly<Record<string, readonly [columns: readonly Column[], primaryKey: readonly string[]]>> = {
  org: [['id:text', 'name:text', 'createdAt:bigint'], ['id']],
  settings: [['key:text', 'body:text', 'updatedAt:bigint', 'updatedBy:text'], ['key']],
  users: [
    [
      'id:text',
      'status:text',
      'login:text',
      'loginFolded:text',
      'profile:text',
      'typeId:text',
      'createdAt:bigint',
      'activatedAt:bigint?',
      'statusChangedAt:bigint?',
      'lastLoginAt:bigint?',
      'lastUpdatedAt:bigint',
      'passwordHash:text?',
      'passwordChangedAt:bigint?',
      'passwordFailures:integer',
      'passwordLockedAt:bigint?',
      'createdBy:text',
    ],
    ['id'],
  ],
  groups: [
    [
      'id:text',
      'type:text',
      'name:text',
      'nameFolded:text',
      'profile:text',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
      'lastMembershipUpdatedAt:bigint',
    ],
    ['id'],
  ],
  groupMembers: [
    ['groupId:text', 'userId:text', 'addedAt:bigint', 'addedBy:text'],
    ['groupId', 'userId'],
  ],
  roleAssignments: [
    [
      'id:text',
      'type:text',
      'principalKind:text',
      'principalId:text',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
      'createdBy:text',
    ],
    ['id'],
  ],
  factors: [
    [
      'id:text',
      'userId:text',
      'kind:text',
      'status:text',
      'name:text',
      'credentialId:text?',
      'publicKey:text?',
      'signCount:bigint',
      'isBackupEligible:smallint',
      'isBackedUp:smallint',
      'aaguid:text?',
      'attestationFormat:text?',
      'isAttested:smallint',
      'isDiscoverable:smallint?',
      'transports:text?',
      'secretSealed:text?',
      'lastTotpStep:bigint?',
      'challenge:text?',
      'challengeExpiresAt:bigint?',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
      'lastUsedAt:bigint?',
      'createdBy:text',
    ],
    ['id'],
  ],
  signIns: [
    [
      'id:text',
      'stateTokenHash:text',
      'purpose:text',
      'userId:text?',
      'login:text',
      'status:text',
      'baseline:text',
      'proofs:text',
      'facts:text',
      'challenge:text?',
      'challengeExpiresAt:bigint?',
      'failures:integer',
      'createdAt:bigint',
      'expiresAt:bigint',
      'sessionTokenHash:text?',
      'sessionTokenExpiresAt:bigint?',
      'usedAt:bigint?',
    ],
    ['id'],
  ],
  sessions: [
    [
      'id:text',
      'parentId:text?',
      'userId:text',
      'appId:text?',
      'tokenHash:text?',
      'previousTokenHash:text?',
      'previousValidUntilAt:bigint?',
      'baseline:text',
      'boundKey:text?',
      'deviceId:text?',
      'proofs:text',
      'createdAt:bigint',
      'lastActivityAt:bigint',
      'idleTimeoutSeconds:integer',
      'endsAt:bigint',
      'endedAt:bigint?',
      'endReason:text?',
      'endDetail:text?',
      'answeredAt:bigint?',
      'answer:text?',
      'exemptPasses:bigint',
    ],
    ['id'],
  ],
  apiTokens: [
    [
      'id:text',
      'name:text',
      'userId:text',
      'clientName:text',
      'tokenHash:text',
      'network:text',
      'purpose:text',
      'protectedActions:text',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
      'expiresAt:bigint',
      'slidingSeconds:bigint',
      'lastUsedAt:bigint?',
      'lastUsedAddress:text?',
      'lastUsedNetwork:text?',
      'revokedAt:bigint?',
    ],
    ['id'],
  ],
  zones: [
    [
      'id:text',
      'name:text',
      'type:text',
      'status:text',
      'usage:text',
      'isSystem:smallint',
      'isExempt:smallint',
      'gateways:text',
      'proxies:text',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
    ],
    ['id'],
  ],
  apps: [
    [
      'id:text',
      'name:text',
      'label:text',
      'status:text',
      'signOnMode:text',
      'isSystem:smallint',
      'policyId:text?',
      'body:text',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
    ],
    ['id'],
  ],
  policies: [
    [
      'id:text',
      'type:text',
      'name:text',
      'description:text?',
      'priority:integer',
      'status:text',
      'isSystem:smallint',
      'conditions:text',
      'settings:text',
      'version:integer',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
    ],
    ['id'],
  ],
  policyRules: [
    [
      'id:text',
      'policyId:text',
      'type:text',
      'name:text',
      'priority:integer',
      'status:text',
      'isSystem:smallint',
      'conditions:text',
      'actions:text',
      'createdAt:bigint',
      'lastUpdatedAt:bigint',
    ],
    ['id'],
  ],
  features: [['id:text', 'name:text', 'description:text', 'status:text', 'stage:text', 'updatedAt:bigint'], ['id']],
  locks: [
    [
      'id:text',
      'subjectKind:text',
      'subjectId:text',
      'reason:text',
      'createdAt:bigint',
      'createdBy:text',
      'expiresAt:bigint?',
    ],
    ['id'],
  ],
  events: [
    [
      'node:text',
      'seq:bigint',
      'uuid:text',
      'publishedAt:bigint',
      'eventType:text',
      'severity:text',
      'actorId:text',
      'outcomeResult:text',
      'externalSessionId:text?',
      'transactionId:text',
      'clientIp:text?',
      'keywords:text',
      'body:text',
      'personal:text',
      'previousHash:text',
      'hash:text',
    ],
    ['node', 'seq'],
  ],
  chainHeads: [['node:text', 'seq:bigint', 'hash:text', 'publishedAt:bigint'], ['node']],
  checkpoints: [
    ['node:text', 'seq:bigint', 'hash:text', 'createdAt:bigint', 'keyId:text', 'signature:text'],
    ['node', 'seq'],
  ],
  verdicts: [['eventUuid:text', 'judgement:text', 'input:text', 'verdict:text', 'createdAt:bigint'], ['eventUuid']],
  outbox: [
    [
      'id:text',
      'sink:text',
      'payload:text',
      'createdAt:bigint',
      'attempts:integer',
      'nextAttemptAt:bigint',
      'deliveredAt:bigint?',
      'deadAt:bigint?',
      'lastError:text?',
    ],
    ['id'],
  ],
  sinks: [
    ['name:text', 'node:text', 'cursorSeq:bigint', 'updatedAt:bigint'],
    ['name', 'node'],
  ],
  keys: [
    ['id:text', 'purpose:text', 'publicKey:text?', 'secretSealed:text', 'createdAt:bigint', 'retiredAt:bigint?'],
    ['id'],
  ],
  setupCodes: [
    ['codeHash:text', 'purpose:text', 'userId:text?', 'createdAt:bigint', 'expiresAt:bigint', 'usedAt:bigint?'],
    ['codeHash'],
  ],
  observations: [
    [
      'sessionId:text',
      'userId:text',
      'appId:text?',
      'causes:text',
      'fromAddress:text',
      'toAddress:text',
      'fromNetwork:text',
      'toNetwork:text',
      'mode:text',
      'observedAt:bigint',
    ],
    ['sessionId', 'toNetwork', 'causes'],
  ],
};

/** Each index, and the question that it answers. */
const INDEXES: readonly (readonly [table: string, columns: readonly string[], isUnique: boolean])[] = [
  ['users', ['loginFolded'], true], // who signs in
  ['groups', ['nameFolded'], true], // group names are unique
  ['groupMembers', ['userId'], false], // groups of a person
  ['roleAssignments', ['principalKind', 'principalId', 'type'], true], // a role is held once by one principal
  ['factors', ['userId'], false],
  ['factors', ['credentialId'], true], // a credential belongs to one person
  ['signIns', ['stateTokenHash'], true],
  ['signIns', ['sessionTokenHash'], true], // the session token works once
  ['sessions', ['tokenHash'], true],
  ['sessions', ['previousTokenHash'], false], // later use of a replaced token
  ['sessions', ['userId', 'createdAt'], false],
  ['sessions', ['parentId'], false],
  ['apiTokens', ['tokenHash'], true],
  ['apiTokens', ['userId'], false],
  ['zones', ['name'], true],
  ['apps', ['name'], false],
  ['policies', ['type', 'priority'], false],
  ['policyRules', ['policyId', 'priority'], false],
  ['locks', ['subjectKind', 'subjectId'], false],
  ['events', ['uuid'], true],
  ['events', ['publishedAt'], false],
  ['events', ['eventType', 'publishedAt'], false],
  ['events', ['actorId', 'publishedAt'], false],
  ['events', ['externalSessionId'], false],
  ['events', ['transactionId'], false],
  ['outbox', ['deliveredAt', 'nextAttemptAt'], false],
  ['keys', ['purpose', 'createdAt'], false],
];

/** The tables of the first door: who may enter, what they hold, what happened. */
export const firstDoor: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [table, [columns, primaryKey]] of Object.entries(TABLES)) {
      let builder = db.schema.createTable(table);
      for (const column of columns) {
        const [name, type] = column.split(':') as [string, string];
        const isNullable = type.endsWith('?');
        builder = builder.addColumn(name, type.replace('?', '') as 'text' | 'bigint', (c) =>
          isNullable ? c : c.notNull(),
        );
      }
      await builder.addPrimaryKeyConstraint(`pk_${table}`, primaryKey as never).execute();
    }
    for (const [table, columns, isUnique] of INDEXES) {
      const index = db.schema
        .createIndex(`ix_${table}_${columns.join('_')}`)
        .on(table)
        .columns([...columns]);
      await (isUnique ? index.unique() : index).execute();
    }
  },
};
