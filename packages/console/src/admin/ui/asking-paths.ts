/** Whose yes there is to choose from. */
export const SEQUENCES = '/sallyport/v1/request-sequences';
/** The protected action of all that changes how access is asked for. */
export const SETTINGS_ACTION = 'access-request.settings';
