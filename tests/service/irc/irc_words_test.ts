import { assertEquals } from "@std/assert";
import { inIrcWords } from "../../../lib/service/irc/irc_words.ts";
import { IrcRoom } from "../../support/irc_room.ts";

Deno.test("inIrcWords() says how people with an IRC client do what is advised", () => {
  for (
    const [sentence, expected] of [
      ["Log in with /login ann.b.", "Log in with /msg NickServ IDENTIFY ann.b PASSWORD."],
      ["/login NAME does that.", "/msg NickServ IDENTIFY NAME PASSWORD does that."],
      ["Log in with /login, or", "Log in with /msg NickServ IDENTIFY NAME PASSWORD, or"],
      [
        "They can get one with /register.",
        "They can get one with /msg NickServ REGISTER PASSWORD.",
      ],
      ["/room register makes it yours.", "/msg ChanServ REGISTER #CHANNEL makes it yours."],
      ["See https://example.org/login.", "See https://example.org/login."],
      ["/nick NAME changes that.", "/nick NAME changes that."],
      ["Nothing to do.", "Nothing to do."],
    ]
  ) assertEquals(inIrcWords(sentence), expected);
});

Deno.test("A line that looks like a log-in is not said, and IRC users are told what is meant", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#tea", "ann", "bob");
  for (
    const line of [
      " /msg NickServ IDENTIFY zq-secret",
      "/ns identify zq-secret",
      "/quote NS ID zq-secret",
    ]
  ) {
    await ann.ask(
      `PRIVMSG #tea :${line}`,
      ":irc.test 404 ann #tea :That looks like a log-in, so it was not said. To log in, type /msg " +
        "NickServ IDENTIFY NAME PASSWORD. To talk about it, begin the line with another word.",
    );
  }
  await ann.ask("PRIVMSG #tea :/nsa is a path");
  assertEquals((await bob.sync()).map((line) => line.replace(/^\S+ /, "")), [
    "PRIVMSG #tea :/nsa is a path",
  ]);
});
