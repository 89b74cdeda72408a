import { Checkbox, Textarea, TextInput } from '@mantine/core';
import type { KeyModelAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, put } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loading } from '../../ui/states.tsx';
import { rootsIn } from './roots-in.ts';

/** A model that administrators added, as `GET …/aaguids/{aaguid}` shows it. */
interface CustomModel {
  readonly aaguid: string;
  readonly name: string | null;
  readonly authenticatorCharacteristics: {
    readonly platformAttached: boolean;
    readonly fipsCompliant: boolean;
    readonly hardwareProtected: boolean;
  };
  readonly attestationRootCertificates: readonly { readonly x5c: string }[];
}
const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const Fields = ({
  path,
  before,
  aaguid: given,
  onDone,
  onClose,
}: {
  readonly path: string;
  readonly before: CustomModel | null;
  readonly aaguid: string;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const [aaguid, setAaguid] = useState(given);
  const [name, setName] = useState(before?.name ?? '');
  const [roots, setRoots] = useState((before?.attestationRootCertificates ?? []).map(({ x5c }) => x5c).join('\n\n'));
  const [isHardware, setIsHardware] = useState(before?.authenticatorCharacteristics.hardwareProtected ?? true);
  const [isFips, setIsFips] = useState(before?.authenticatorCharacteristics.fipsCompliant ?? false);
  const isAaguid = AAGUID.test(aaguid.trim());
  const save = (): Promise<unknown> => {
    const body = {
      name: name.trim(),
      attestationRootCertificates: rootsIn(roots),
      authenticatorCharacteristics: {
        hardwareProtected: isHardware,
        fipsCompliant: isFips,
        platformAttached: before?.authenticatorCharacteristics.platformAttached ?? false,
      },
    };
    return before === null
      ? post(path, { aaguid: aaguid.trim().toLowerCase(), ...body })
      : put(`${path}/${encodeURIComponent(before.aaguid)}`, body);
  };
  return (
    <FormDialog
      title={before === null ? 'Add a model of key' : `Change ${before.name ?? before.aaguid}`}
      action="authenticator.update"
      isReady={isAaguid && name.trim() !== '' && roots.trim() !== ''}
      save={save}
      saveLabel={before === null ? 'Add it' : 'Save'}
      failed="The model was not saved"
      onDone={() => onDone(name.trim())}
      onClose={onClose}
    >
      <TextInput
        label="AAGUID"
        description="The number of the model, as its maker tells it: 8-4-4-4-12 hexadecimal digits."
        value={aaguid}
        maxLength={36}
        spellCheck={false}
        readOnly={before !== null}
        error={aaguid.trim() === '' || isAaguid ? null : 'This is no AAGUID.'}
        data-autofocus
        onChange={(event) => setAaguid(event.currentTarget.value)}
      />
      <TextInput label="Name" value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea
        label="Certificates of its maker"
        description="The roots that its attestation ends in, PEM or base64, one after the other. Without one no key could prove its model."
        value={roots}
        rows={5}
        spellCheck={false}
        onChange={(event) => setRoots(event.currentTarget.value)}
      />
      <Checkbox
        label="Keeps its secret in hardware"
        checked={isHardware}
        onChange={(event) => setIsHardware(event.currentTarget.checked)}
      />
      <Checkbox label="FIPS compliant" checked={isFips} onChange={(event) => setIsFips(event.currentTarget.checked)} />
      <p className="sp-quiet">Your word on a model counts more than that of the metadata file.</p>
    </FormDialog>
  );
};

/** Adds a model of key, or changes one that was added here. */
export const KeyModelForm = ({
  path,
  model,
  ...rest
}: {
  /** `…/authenticators/{id}/aaguids` */
  readonly path: string;
  /** Null asks for its number, too. */
  readonly model: KeyModelAnswer | null;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const isOwn = model?.source === 'custom';
  const query = useQuery({
    queryKey: [path, model?.aaguid],
    queryFn: () => get<CustomModel>(`${path}/${encodeURIComponent(model?.aaguid ?? '')}`),
    enabled: isOwn,
    gcTime: 0,
  });
  if (isOwn && query.data === undefined && !query.isError) return <Loading what="the model" rows={1} />;
  return <Fields path={path} before={query.data ?? null} aaguid={model?.aaguid ?? ''} {...rest} />;
};
