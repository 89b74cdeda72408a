/** Who holds, or shall hold, a role. */
export interface Holder {
  readonly kind: 'user' | 'group' | 'client';
  readonly id: string;
  readonly name: string;
}

/** Where the management API keeps their roles. */
export const rolesPathOf = ({ kind, id }: Pick<Holder, 'kind' | 'id'>): string =>
  `${kind === 'client' ? '/oauth2' : '/api'}/v1/${kind}s/${encodeURIComponent(id)}/roles`;
