// The bot of tests/sandbox/test_clients.py in grammY: node bot.mjs URL TOKEN. Ends when its input ends.
import { Bot, InlineKeyboard } from "grammy";

const [apiRoot, token] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });

bot.command("start", (ctx) =>
  ctx.reply("<b>hello</b>", { parse_mode: "HTML", reply_markup: new InlineKeyboard().text("Go", "go") }),
);
bot.callbackQuery("go", async (ctx) => {
  await ctx.answerCallbackQuery({ text: "done" });
  await ctx.editMessageText("gone");
});
bot.on("message:photo", async (ctx) => {
  const file = await ctx.getFile();
  const response = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`);
  await ctx.reply(`${(await response.arrayBuffer()).byteLength} bytes`);
});
bot.on("message:location", (ctx) => {
  const { latitude, longitude } = ctx.message.location;
  return ctx.replyWithVenue(latitude, longitude, "Station", "Here");
});
bot.on("edited_message:text", (ctx) => ctx.reply(`now ${ctx.editedMessage.text}`));
bot.on("inline_query", (ctx) =>
  ctx.answerInlineQuery([
    { type: "article", id: "1", title: "Station", input_message_content: { message_text: ctx.inlineQuery.query } },
  ]),
);

process.stdin.on("end", () => bot.stop());
process.stdin.resume();
await bot.start();
