// What requests to other hosts need of `wasi:http`.

export { handle } from "wasi:http/outgoing-handler@0.2.12";
export { Fields, OutgoingBody, OutgoingRequest, RequestOptions } from "wasi:http/types@0.2.12";
