import { describe, expect, it } from 'vitest';
import { CallError } from '../../../browser/call.ts';
import { appChanges, draftOf, faultsOf, NO_FAULTS, refusedFields, settingsOf } from './app-draft.ts';

const app = {
  label: 'Grafana',
  settings: {
    app: {
      externalUrl: 'https://grafana.example.org',
      sessionIdleTimeoutMinutes: 15,
      sessionMaxLifetimeMinutes: 720,
      backgroundPaths: ['/api/live/'],
    },
  },
};
const draft = draftOf(app);

describe('the draft of an app', () => {
  it('is the app when nothing was typed', () => {
    expect(settingsOf(draft)).toEqual(app.settings.app);
    expect(appChanges(app, draft)).toEqual([]);
    expect(faultsOf(draft)).toEqual(NO_FAULTS);
  });
  it('shows each lifetime before and after, in words', () => {
    expect(appChanges(app, { ...draft, idle: '30', lifetime: '60', paths: '' })).toEqual([
      { what: 'Idle after', from: '15 min', to: '30 min' },
      { what: 'At the longest', from: '12 h', to: '1 h' },
      { what: 'Polling', from: '/api/live/', to: 'only what is marked' },
    ]);
  });
  it('names all of a new app', () => {
    const made = appChanges(null, { ...draftOf(null), label: ' New ', externalUrl: 'https://new.example.org ' });
    expect(made.every(({ from }) => from === 'not there')).toBe(true);
    expect(made.map(({ to }) => to)).toEqual([
      'New',
      'https://new.example.org',
      '15 min',
      '12 h',
      'only what is marked',
    ]);
  });
  it.each(['', '4', '721', '1.5', '1e2', '-5', 'ten'])('refuses %j minutes of idleness', (idle) => {
    expect(faultsOf({ ...draft, idle }).idle).toBe('Whole minutes, from 5 to 720.');
  });
  it('refuses an idleness that is longer than the session, and an empty name and address', () => {
    expect(faultsOf({ ...draft, label: ' ', externalUrl: '', idle: '60', lifetime: '30' })).toEqual({
      ...NO_FAULTS,
      label: 'A name that people know it by.',
      externalUrl: 'The address that browsers open.',
      idle: 'No longer than the session itself.',
    });
  });
  it('puts what the server says at its field', () => {
    const error = new CallError(400, {
      errorCauses: [{ errorSummary: 'settings.app.externalUrl: must be https' }, { errorSummary: 'label: is taken' }],
    });
    expect(refusedFields(error)).toEqual({ ...NO_FAULTS, externalUrl: 'It must be https.' });
    expect(refusedFields(null)).toEqual(NO_FAULTS);
  });
});
