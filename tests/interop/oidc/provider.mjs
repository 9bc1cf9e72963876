// A real identity provider in a process of its own. Who signs in there is said by the query of the way to it:
// nobody types a password. Prints where it listens; the arguments say where people come back to.
import http from "node:http";
import Provider from "oidc-provider";

const [back] = process.argv.slice(2);
// `login_hint` is the account; `forged` is one whose address nobody has made sure of.
const account = (id) => ({
  accountId: id,
  claims: async () => ({ sub: id, email: `${id.split("-")[0]}@example.com`, email_verified: !id.endsWith("-forged") }),
});

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "the-site",
      client_secret: "a secret of the site that is long enough",
      redirect_uris: [back],
      application_type: "native",
    }],
    findAccount: (_, id) => account(id),
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ["only for tests"] },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    try {
      const { params, prompt, session } = await provider.interactionDetails(request, response);
      if (prompt.name === "login") {
        const login = { accountId: params.login_hint ?? "ada" };
        return await provider.interactionFinished(request, response, { login });
      }
      const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      const consent = { grantId: await grant.save() };
      await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  console.log(`issuer ${issuer}`);
});
