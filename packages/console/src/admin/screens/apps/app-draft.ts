import { describeFailure } from '../../api.ts';
import type { Change } from '../../ui/changes-table.tsx';
import { durationWords } from '../../ui/time-words.ts';
import type { App, GatewaySettings } from './app-answer.ts';

/** What the form of an app holds: texts, as they were typed. */
export interface AppDraft {
  readonly label: string;
  readonly externalUrl: string;
  readonly idle: string;
  readonly lifetime: string;
  readonly paths: string;
}

const USUAL: GatewaySettings = {
  externalUrl: '',
  sessionIdleTimeoutMinutes: 15,
  sessionMaxLifetimeMinutes: 720,
  backgroundPaths: [],
};

export const draftOf = (app: Pick<App, 'label' | 'settings'> | null): AppDraft => {
  const settings = app?.settings.app ?? USUAL;
  return {
    label: app?.label ?? '',
    externalUrl: settings.externalUrl,
    idle: String(settings.sessionIdleTimeoutMinutes),
    lifetime: String(settings.sessionMaxLifetimeMinutes),
    paths: settings.backgroundPaths.join('\n'),
  };
};

export const settingsOf = ({ externalUrl, idle, lifetime, paths }: AppDraft): GatewaySettings => ({
  externalUrl: externalUrl.trim(),
  sessionIdleTimeoutMinutes: Number(idle),
  sessionMaxLifetimeMinutes: Number(lifetime),
  backgroundPaths: paths.split(/\s+/).filter((path) => path !== ''),
});

export type AppFaults = Readonly<Record<keyof AppDraft, string | null>>;
export const NO_FAULTS: AppFaults = { label: null, externalUrl: null, idle: null, lifetime: null, paths: null };

const minutesFault = (text: string, max: number): string | null =>
  /^\d+$/.test(text.trim()) && Number(text) >= 5 && Number(text) <= max
    ? null
    : `Whole minutes, from 5 to ${max.toLocaleString('en')}.`;

/** What keeps the form from being looked at. What only the server knows, it says when it is saved. */
export const faultsOf = ({ label, externalUrl, idle, lifetime }: AppDraft): AppFaults => {
  const [idleFault, lifetimeFault] = [minutesFault(idle, 720), minutesFault(lifetime, 10_080)];
  const isLonger = idleFault === null && lifetimeFault === null && Number(idle) > Number(lifetime);
  return {
    label: label.trim() === '' ? 'A name that people know it by.' : null,
    externalUrl: externalUrl.trim() === '' ? 'The address that browsers open.' : null,
    idle: isLonger ? 'No longer than the session itself.' : idleFault,
    lifetime: lifetimeFault,
    paths: null,
  };
};

const FIELDS: Readonly<Record<string, keyof AppDraft>> = {
  externalUrl: 'externalUrl',
  sessionIdleTimeoutMinutes: 'idle',
  sessionMaxLifetimeMinutes: 'lifetime',
  backgroundPaths: 'paths',
};
/** What the server said of single fields, at those fields. */
export const refusedFields = (error: unknown): AppFaults => {
  const said = Object.fromEntries(
    (error === null ? [] : describeFailure(error).causes).flatMap((cause) => {
      const [, name = '', sentence = ''] = /^settings\.app\.(\w+)[^:]*: (.*)$/s.exec(cause) ?? [];
      const field = FIELDS[name];
      return field === undefined ? [] : [[field, `It ${sentence}.`]];
    }),
  );
  return { ...NO_FAULTS, ...said };
};

const pathsWords = ({ backgroundPaths }: GatewaySettings): string =>
  backgroundPaths.length === 0 ? 'only what is marked' : backgroundPaths.join(', ');

/** What saving changes. Of a new app every setting is named. */
export const appChanges = (app: Pick<App, 'label' | 'settings'> | null, draft: AppDraft): readonly Change[] => {
  const [before, after] = [settingsOf(draftOf(app)), settingsOf(draft)];
  const lines = [
    ['Name', app?.label ?? '', draft.label.trim()],
    ['Address', before.externalUrl, after.externalUrl],
    [
      'Idle after',
      durationWords(before.sessionIdleTimeoutMinutes * 60),
      durationWords(after.sessionIdleTimeoutMinutes * 60),
    ],
    [
      'At the longest',
      durationWords(before.sessionMaxLifetimeMinutes * 60),
      durationWords(after.sessionMaxLifetimeMinutes * 60),
    ],
    ['Polling', pathsWords(before), pathsWords(after)],
  ] as const;
  return lines
    .filter(([, from, to]) => app === null || from !== to)
    .map(([what, from, to]) => ({ what, from: app === null ? 'not there' : from, to }));
};
