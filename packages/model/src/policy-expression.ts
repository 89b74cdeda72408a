/** What a rule may ask for beside its other conditions, read from the expressions that clients write. */
export type PolicyClause =
  | { readonly kind: 'always'; readonly value: boolean }
  | {
      readonly kind: 'profile';
      readonly attribute: string;
      readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'startsWith';
      readonly value: string | number | boolean | null;
    }
  | { readonly kind: 'memberOf'; readonly by: 'id' | 'name'; readonly groups: readonly string[] }
  | { readonly kind: 'risk'; readonly level: 'LOW' | 'MEDIUM' | 'HIGH' }
  | { readonly kind: 'behavior'; readonly name: string }
  /** How the person signed in, in the words of RFC 8176, and `phr` for what cannot be phished. */
  | { readonly kind: 'amr'; readonly value: string }
  | { readonly kind: 'deviceIsManaged' | 'deviceIsRegistered' };
export type PolicyExpression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly PolicyExpression[] }
  | { readonly kind: 'not'; readonly of: PolicyExpression }
  | PolicyClause;
