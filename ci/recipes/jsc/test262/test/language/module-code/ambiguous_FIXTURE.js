export * from "./ambiguous-one_FIXTURE.js";
export * from "./ambiguous-two_FIXTURE.js";
