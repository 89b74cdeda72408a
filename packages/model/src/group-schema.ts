import type { AttributeSchema } from './user-schema.ts';

const SELF = [{ principal: 'SELF', action: 'READ_WRITE' }];
const MASTER = { type: 'PROFILE_MASTER' };

/** What the profile of every group may hold; a schema adds its own. There is one schema for all groups. */
export const GROUP_BASE_ATTRIBUTES: Readonly<Record<'name' | 'description', AttributeSchema>> = {
  name: { title: 'Name', type: 'string', required: true, maxLength: 255, permissions: SELF, master: MASTER },
  description: { title: 'Description', type: 'string', maxLength: 1024, permissions: SELF, master: MASTER },
};

/** Is it the name of a base attribute, in whatever case? */
export const isGroupBaseName = (name: string): boolean => Object.hasOwn(GROUP_BASE_ATTRIBUTES, name.toLowerCase());
