globalThis.dynamicEvaluations = (globalThis.dynamicEvaluations || 0) + 1;
export const count = globalThis.dynamicEvaluations;
export default 42;
