// The peer: one topic, everybody subscribes; every line of standard input says how often to publish the payload.
const payload = await Bun.file(process.argv[2]).text();
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("")),
  websocket: {
    perMessageDeflate: false,
    open(socket) {
      socket.subscribe("everyone");
      socket.send('{"type":"hello"}');
    },
    message() {},
  },
});
console.log(server.port);
for await (const line of console) {
  for (let n = Number(line); n > 0; n--) server.publish("everyone", payload);
}
