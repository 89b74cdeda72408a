import { Button } from '@mantine/core';
import type { RoleAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, putTagged } from '../../api.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useFoundNames } from '../../ui/use-found-names.ts';
import { ROLES } from '../roles/role-answer.ts';
import { asEntitlement, draftOf, isSaid, newRole, type RoleDraft } from './bundle-draft.ts';
import { BUNDLES, type Bundle, openWords } from './bundle-words.ts';
import { RoleFields } from './role-fields.tsx';

const ROLES_MAX = 20;

/** Makes or changes a bundle. What was typed stays when it is refused, or while it is not known which roles there are. */
export const BundleForm = ({
  bundle,
  onDone,
  onClose,
}: {
  /** Null makes one. */
  readonly bundle: Bundle | null;
  readonly onDone: (saved: { readonly name: string }) => void;
  readonly onClose: () => void;
}) => {
  const known = useQuery({ queryKey: [ROLES], queryFn: () => get<readonly RoleAnswer[]>(ROLES) });
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
    return bundle === null
      ? post(BUNDLES, body)
      : putTagged(`${BUNDLES}/${encodeURIComponent(bundle.id)}`, body, bundle.version);
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
      {(error) => (
        <>
          <NamedFields
            name={name}
            nameError={faultOf(error, 'name')}
            description={description}
            descriptionMax={1000}
            onName={setName}
            onDescription={setDescription}
          />
          <QueryView query={known} what="the roles" rows={1}>
            {(all) => (
              <>
                {roles.map((draft, index) => (
                  <RoleFields
                    key={draft.key}
                    draft={draft}
                    place={index + 1}
                    roles={all}
                    nameOf={nameOf}
                    finding={finding}
                    onChange={(part) =>
                      setRoles(roles.map((one) => (one.key === draft.key ? { ...one, ...part } : one)))
                    }
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
              </>
            )}
          </QueryView>
          <p className="sp-quiet">
            {bundle === null
              ? 'It gives nobody anything until it can be asked for, and somebody says yes.'
              : `${openWords(bundle.openGrants)} What you change counts for them at once. A role that is put in, or widened, stops open requests for it: they must be asked anew.`}
          </p>
        </>
      )}
    </FormDialog>
  );
};
