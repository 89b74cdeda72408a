import { isWayIn } from '@sallyport/decide/break-glass/judge-readiness';
import { bindingWords } from '@sallyport/decide/overview/binding-words';
import { judgeOverview } from '@sallyport/decide/overview/judge-overview';
import type { OverviewFacts, QueueFacts, SetupFacts } from '@sallyport/decide/overview/overview-facts';
import { authorize } from '@sallyport/decide/roles/authorize';
import { judgeSetup } from '@sallyport/decide/setup/judge-setup';
import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Permission } from '@sallyport/model/roles';
import type { Services } from '../services.ts';
import {
  gatherActivity,
  gatherBinding,
  gatherLog,
  gatherNetwork,
  gatherPeople,
  gatherSessions,
  gatherTokens,
  OVERVIEW_FILTERS,
} from './gather-overview.ts';

/** What seeing each part needs: never less than the list that it counts. */
const PARTS = {
  people: 'okta.roles.read',
  sessions: 'okta.sessions.read',
  activity: 'okta.logs.read',
  tokens: 'okta.apiTokens.read',
  binding: 'okta.sessionBinding.read',
  log: 'okta.logs.read',
  network: 'okta.networkZones.read',
  setup: 'okta.roles.manage',
} as const satisfies Record<Exclude<keyof OverviewFacts, 'now'>, Permission>;

const gatherSetup = (s: Services, people: OverviewFacts['people'], log: OverviewFacts['log']): SetupFacts => {
  const progress = s.settings.get('setupProgress');
  const states = judgeSetup({
    progress,
    // The overview is nobody's own: the step is done when every super admin who can sign in has two keys.
    ownKeys: people !== null && people.superAdminsWithOneKey.length === 0 ? 2 : 1,
    superAdmins: people?.superAdmins ?? 0,
    superAdminsStanding: (people?.superAdmins ?? 0) - (people?.superServiceAccounts.length ?? 0),
    superAdminsAble:
      (people?.superAdminsAble ?? 0) + (people?.breakGlass.filter(({ state }) => isWayIn(state)).length ?? 0),
    hasCheckpointArrived: log?.isCheckpointFileConfigured === true && log.lastOutsideAt !== null,
  }).filter(({ step }) => step !== 'what-is-left');
  return {
    isFinished: progress.finishedAt !== null,
    open: states.filter(({ state }) => state === 'open' || state === 'waiting').map(({ step }) => step),
    skipped: states.filter(({ state }) => state === 'skipped').map(({ step, note }) => ({ step, note: note ?? '' })),
  };
};

/** All that waits to leave this host, wherever it goes. */
const totalOf = (queues: readonly QueueFacts[]) => ({
  waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
  failing: queues.reduce((sum, { failing }) => sum + failing, 0),
  dead: queues.reduce((sum, { dead }) => sum + dead, 0),
});

/** `GET /sallyport/v1/overview`. What the caller may not see is left out, by name. */
export const getOverview = async (s: Services, principal: Principal) => {
  const may = (part: keyof typeof PARTS): boolean =>
    authorize(principal, PARTS[part], { kind: 'all' }).kind === 'allow';
  if (principal.kind === 'anonymous' || principal.permissions.size === 0)
    throw new ApiError('E0000006', { detail: 'no admin role' });
  const when = <T>(
    part: keyof typeof PARTS,
    gather: (services: Services) => Promise<T> | T,
  ): Promise<T | null> | T | null => (may(part) ? gather(s) : null);
  const [people, sessions, activity, tokens, binding, log, network] = await Promise.all([
    when('people', gatherPeople),
    when('sessions', gatherSessions),
    when('activity', gatherActivity),
    when('tokens', gatherTokens),
    when('binding', gatherBinding),
    when('log', gatherLog),
    when('network', gatherNetwork),
  ]);
  const now = s.clock.now();
  const setup = may('setup') ? gatherSetup(s, people, log) : null;
  const facts: OverviewFacts = { now, people, sessions, activity, tokens, binding, log, network, setup };
  return {
    at: toIso(now),
    findings: judgeOverview(facts),
    missing: (Object.keys(PARTS) as (keyof typeof PARTS)[])
      .filter((part) => part !== 'setup' && !may(part))
      .map((part) => ({ part, permission: PARTS[part] })),
    parts: {
      people,
      sessions,
      activity: activity && { ...activity, filters: OVERVIEW_FILTERS },
      tokens,
      binding: binding && { ...binding, words: bindingWords(binding.modes) },
      log: log && {
        ...log,
        lastCheckpointAt: log.lastCheckpointAt === null ? null : toIso(log.lastCheckpointAt),
        lastOutsideAt: log.lastOutsideAt === null ? null : toIso(log.lastOutsideAt),
        outbox: totalOf(Object.values(log.queues)),
      },
      network: network && {
        ...network,
        sources: network.sources.map(({ source, dataAt }) => ({
          source,
          dataAt: dataAt === null ? null : toIso(dataAt),
        })),
      },
    },
  };
};
