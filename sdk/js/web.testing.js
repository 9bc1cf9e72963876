// Under Node there are no routes and no outgoing requests: unit tests call what answers, and give what is asked.

class Unavailable {
  constructor() {
    throw new Error("wasi:http is not there in unit tests: call `incomingHandler.answer`, or test the built plugin");
  }
}

export {
  Unavailable as Fields,
  Unavailable as OutgoingBody,
  Unavailable as OutgoingRequest,
  Unavailable as OutgoingResponse,
  Unavailable as RequestOptions,
  Unavailable as ResponseOutparam,
};
export const handle = () => new Unavailable();
