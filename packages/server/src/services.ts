import type { Logger } from 'pino';
import type { OutsideUse } from './api-tokens/outside-uses.ts';
import type { KeyModels } from './authenticators/key-models.ts';
import type { PasswordHasher } from './authenticators/password-hash.ts';
import type { HeaderProbes } from './client-address/header-probes.ts';
import type { HeldClock } from './clock/held-clock.ts';
import type { Config } from './config/config.ts';
import type { LiveAppSessions } from './gateway/live-app-sessions.ts';
import type { HintBoard } from './hints/hint-board.ts';
import type { CallOut } from './http/call-out.ts';
import type { HeaderWatch } from './http/header-watch.ts';
import type { RateLimiter } from './http/rate-limits.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { RevocationBus } from './locks/revocation-bus.ts';
import type { KeySets } from './oauth/key-sets.ts';
import type { SinkTurns } from './outbox/sink-turns.ts';
import type { PolicyIndex } from './policies/policy-index.ts';
import type { Mailer } from './ports/mailer.ts';
import type { NetworkIntel } from './ports/network-intel.ts';
import type { Random } from './ports/random.ts';
import type { Store } from './ports/store.ts';
import type { PermissionUse } from './roles/permission-use.ts';
import type { LiveSessions } from './sessions/live-sessions.ts';
import type { OrgSettings } from './settings/org-settings.ts';
import type { RefusalCounts } from './system-log/refusal-counts.ts';
import type { BlockingZone } from './zones/blocked-requests.ts';
import type { ZoneIndex } from './zones/zone-index.ts';

/** What the composition root hands to every use case. No container: a record of ports, read once. */
export interface Services {
  readonly config: Config;
  /** Name of this node; the log chain is per node. */
  readonly node: string;
  readonly store: Store;
  readonly clock: HeldClock;
  readonly random: Random;
  readonly keys: KeyRing;
  readonly intel: NetworkIntel;
  readonly bus: RevocationBus;
  /** What open streams are told of changes. */
  readonly hints: HintBoard;
  readonly logger: Logger;
  readonly sessions: LiveSessions;
  readonly appSessions: LiveAppSessions;
  readonly settings: OrgSettings;
  readonly zones: ZoneIndex;
  readonly blocked: RefusalCounts<BlockingZone>;
  readonly outsideUses: RefusalCounts<OutsideUse>;
  readonly passwords: PasswordHasher;
  readonly policies: PolicyIndex;
  /** What is known of models of keys by the operator's metadata file. */
  readonly keyModels: KeyModels;
  readonly permissionUse: PermissionUse;
  readonly rates: RateLimiter;
  readonly headers: HeaderWatch;
  readonly probes: HeaderProbes;
  /** How servers that somebody named are asked. */
  readonly callOut: CallOut;
  /** Key sets of service apps that publish their keys. */
  readonly keySets: KeySets;
  /** Null where no mail server is configured: then nobody is mailed, and nothing leaves the server. */
  readonly mailer: Mailer | null;
  /** Who delivers from the outbox now, and to where. */
  readonly sinkTurns: SinkTurns;
  /** Secret of made-up answers; derived from the root key, so that they stay the same. */
  readonly pepper: Buffer;
  /** A stable made-up user id for a typed name. */
  readonly pseudonym: (login: string) => string;
}
