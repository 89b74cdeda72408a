import { Button } from '@mantine/core';
import type { RoleAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, put } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useFoundNames } from '../../ui/use-found-names.ts';
import { ROLES } from '../roles/role-answer.ts';
import { asEntitlement, draftOf, isSaid, newRole, type RoleDraft } from './bundle-draft.ts';
import { BUNDLES, type Bundle, openWords } from './bundle-words.ts';
import { RoleFields } from './role-fields.tsx';

interface Props {
  /** Null makes one. */
  readonly bundle: Bundle | null;
  readonly onDone: (saved: { readonly name: string }) => void;
  readonly onClose: () => void;
}

const ROLES_MAX = 20;

const BundleFields = ({ bundle, roles: known, onDone, onClose }: Props & { readonly roles: readonly RoleAnswer[] }) => {
  const [name, setName] = useState(bundle?.name ?? '');
  const [description, setDescription] = useState(bundle?.description ?? '');
  const [roles, setRoles] = useState<readonly RoleDraft[]>(
    bundle === null || bundle.roles.length === 0 ? [newRole(0)] : draftOf(bundle),
  );
  const { nameOf, finding } = useFoundNames(
    (bundle?.roles ?? []).flatMap(({ resourceSet, targets }) => [
      ...(targets ?? []),
      ...(resourceSet === null ? [] : [{ id: resourceSet.id, name: resourceSet.label }]),
    ]),
  );
  const save = (): Promise<{ readonly name: string }> => {
    const body = { name: name.trim(), description: description.trim(), entitlements: roles.map(asEntitlement) };
    return bundle === null ? post(BUNDLES, body) : put(`${BUNDLES}/${encodeURIComponent(bundle.id)}`, body);
  };
  return (
    <FormDialog
      title={bundle === null ? 'New bundle' : `Change ${bundle.name}`}
      action={bundle === null ? 'bundle.create' : 'bundle.update'}
      isReady={name.trim() !== '' && roles.every(isSaid)}
      save={save}
      saveLabel={bundle === null ? 'Create' : 'Save'}
      failed="The bundle was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      <NamedFields
        name={name}
        description={description}
        descriptionMax={1000}
        onName={setName}
        onDescription={setDescription}
      />
      {roles.map((draft, index) => (
        <RoleFields
          key={draft.key}
          draft={draft}
          place={index + 1}
          roles={known}
          nameOf={nameOf}
          finding={finding}
          onChange={(part) => setRoles(roles.map((one) => (one.key === draft.key ? { ...one, ...part } : one)))}
          onRemove={roles.length === 1 ? null : () => setRoles(roles.filter(({ key }) => key !== draft.key))}
        />
      ))}
      {roles.length < ROLES_MAX && (
        <Button
          variant="default"
          size="xs"
          onClick={() => setRoles([...roles, newRole(Math.max(...roles.map(({ key }) => key)) + 1)])}
        >
          Another role
        </Button>
      )}
      <p className="sp-quiet">
        {bundle === null
          ? 'It gives nobody anything until it can be asked for, and somebody says yes.'
          : `${openWords(bundle.openGrants)} What you change counts for them at once; open requests for it are asked anew.`}
      </p>
    </FormDialog>
  );
};

/** Makes or changes a bundle, once it is known which roles there are. What was typed stays when it is refused. */
export const BundleForm = (props: Props) => {
  const query = useQuery({ queryKey: [ROLES], queryFn: () => get<readonly RoleAnswer[]>(ROLES) });
  return (
    <QueryView query={query} what="the roles" rows={1}>
      {(roles) => <BundleFields {...props} roles={roles} />}
    </QueryView>
  );
};
