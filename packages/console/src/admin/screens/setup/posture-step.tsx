import { Radio } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { notDoneAfter } from '../../../browser/action-proof.ts';
import { get, put } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { Word } from '../../ui/word.tsx';
import type { BindingSettings, Preset, StepProps } from './setup-answer.ts';

const WORDS: Readonly<Record<Preset['name'], readonly [string, string]>> = {
  observe: ['Observe', 'Ends nobody’s session. Shows what would have been ended, until you know your networks.'],
  recommended: ['Recommended', 'A session ends in another network; another address inside its network is observed.'],
  strict: ['Strict', 'A session ends at any other address. For people who work from one place.'],
};
const SETTINGS: readonly (readonly [keyof BindingSettings, string])[] = [
  ['asnBinding', 'Network (ASN) binding'],
  ['ipBinding', 'Address (IP) binding'],
  ['sessionIdleTimeoutMinutes', 'Console ends when idle for, minutes'],
  ['sessionMaxLifetimeMinutes', 'Console ends after, minutes'],
];

const isSame = (a: BindingSettings, b: BindingSettings): boolean => SETTINGS.every(([key]) => a[key] === b[key]);

const Diff = ({ from, to }: { readonly from: BindingSettings; readonly to: BindingSettings }) => (
  <div className="sp-table-place">
    <table className="sp-table">
      <caption className="sp-unseen">What would change</caption>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      <tbody>
        {SETTINGS.map(([key, label]) => (
          <tr key={key}>
            <td data-label="Setting">{label}</td>
            <td data-label="Now">{from[key]}</td>
            <td data-label="Then">
              {from[key] === to[key] ? <span className="sp-quiet">as now</span> : <strong>{to[key]}</strong>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** The whole document is read first: the exempt zone and what apps have of their own stay. */
const apply = async ({ settings }: Preset): Promise<void> => {
  const { asnBinding, ipBinding, ...times } = settings;
  const before = await get<Record<string, unknown>>('/sallyport/v1/session-binding');
  await put('/sallyport/v1/session-binding', { ...before, asnBinding, ipBinding });
  await put('/api/v1/first-party-app-settings/admin-console', times).catch((error: unknown) => {
    throw notDoneAfter(error, 'Cancelled. The binding is saved; the times of the console are as before.');
  });
};

/** A posture to begin from, with the exact settings, and a check that whoever chooses it stays in. */
export const PostureStep = ({ setup, onDone, onChanged, isBusy }: StepProps) => {
  const { current, presets } = setup.posture;
  const now = presets.find(({ settings }) => isSame(settings, current))?.name ?? null;
  const [chosen, setChosen] = useState<Preset['name']>(now ?? 'recommended');
  const preset = presets.find(({ name }) => name === chosen);
  const save = useMutation({
    mutationFn: apply,
    onSuccess: () => {
      onDone(WORDS[chosen][0]);
      onChanged();
    },
    onError: onChanged,
  });
  if (preset === undefined) return null;
  return (
    <>
      <Radio.Group
        label="How strictly are sessions held to where they began?"
        value={chosen}
        onChange={(value) => setChosen(value as Preset['name'])}
      >
        <div className="sp-choices">
          {presets.map(({ name }) => (
            <Radio
              key={name}
              value={name}
              label={`${WORDS[name][0]}${name === now ? ' (set now)' : ''}`}
              description={WORDS[name][1]}
            />
          ))}
        </div>
      </Radio.Group>
      <Diff from={current} to={preset.settings} />
      <p role="status">
        {preset.wouldHold ? (
          <>
            <Word tone="good">You stay in</Word> from where you are now: {preset.reasons.join(' ')}
          </>
        ) : (
          <>
            <Word tone="bad">You would be out</Word> at your next click: {preset.reasons.join(' ')} Sign in again from
            here first.
          </>
        )}
      </p>
      {save.isError && <Failure what="The settings were not saved" error={save.error} />}
      <ProtectedButton
        action="session-binding.update"
        disabled={!preset.wouldHold}
        loading={save.isPending || isBusy}
        onClick={() => save.mutate(preset)}
      >
        {chosen === now ? 'Keep this' : `Set ${WORDS[chosen][0].toLowerCase()}`}
      </ProtectedButton>
      <CliFor
        command={`sallyport settings set --asn-binding ${preset.settings.asnBinding.toLowerCase()} --ip-binding ${preset.settings.ipBinding.toLowerCase()} --console-idle ${preset.settings.sessionIdleTimeoutMinutes} --console-lifetime ${preset.settings.sessionMaxLifetimeMinutes}`}
      />
    </>
  );
};
