package decnet.decoys.redis;

import decnet.core.WireText;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.redis.RespDecoder.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scripts. Those in forms that {@link LuaScript} does not know answer nothing, and are an event. Stateless. */
final class ScriptCommands {
    private ScriptCommands() {}

    static void addTo(Map<String, Handler> handlers, Commands commands) {
        handlers.put("eval", call -> eval(call, commands, call.arg(1), false));
        handlers.put("eval_ro", call -> eval(call, commands, call.arg(1), true));
        handlers.put("evalsha", call -> evalSha(call, commands, false));
        handlers.put("evalsha_ro", call -> evalSha(call, commands, true));
        handlers.put("script|load", call -> {
            compile(call.arg(2));
            String sha1 = sha1(call.arg(2));
            call.state().remember(sha1, call.arg(2));
            call.reply().bulk(sha1);
        });
        handlers.put("script|exists", call -> {
            call.reply().array(call.count() - 2);
            call.from(2).forEach(sha1 -> call.reply()
                    .number(call.state().script(sha1.toLowerCase(Locale.ROOT)).isPresent() ? 1 : 0));
        });
        handlers.put("script|flush", call -> {
            boolean mode = call.option(2).equals("sync") || call.option(2).equals("async");
            if (call.count() > 3 || call.count() == 3 && !mode) {
                throw new RedisError("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
            }
            call.state().forgetScripts();
            call.reply().ok();
        });
        handlers.put("script|kill", call -> {
            throw new RedisError("NOTBUSY No scripts in execution right now.");
        });
        handlers.put("function|kill", handlers.get("script|kill"));
        handlers.put("script|debug", call -> {
            if (!List.of("yes", "sync", "no").contains(call.option(2))) {
                throw new RedisError("ERR Use SCRIPT DEBUG YES/SYNC/NO");
            }
            call.reply().ok();
        });
        handlers.put("fcall", call -> {
            throw new RedisError("ERR Function not found");
        });
        handlers.put("fcall_ro", handlers.get("fcall"));
        handlers.put("function|list", call -> {
            for (int i = 2; i < call.count(); i++) {
                if (call.option(i).equals("libraryname")) {
                    if (++i >= call.count()) {
                        throw new RedisError("ERR library name argument was not given");
                    }
                } else if (!call.option(i).equals("withcode")) {
                    throw new RedisError("ERR Unknown argument " + call.arg(i));
                }
            }
            call.reply().array(0);
        });
        handlers.put("function|stats", call -> {
            Reply reply = call.reply()
                    .map(2)
                    .bulk("running_script")
                    .nil()
                    .bulk("engines")
                    .map(1)
                    .bulk("LUA")
                    .map(2);
            reply.bulk("libraries_count").number(0).bulk("functions_count").number(0);
        });
        handlers.put("function|dump", call -> call.reply().bulk(Dump.empty()));
        handlers.put("function|flush", call -> {
            boolean mode = call.option(2).equals("sync") || call.option(2).equals("async");
            if (call.count() > 3 || call.count() == 3 && !mode) {
                throw new RedisError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
            }
            call.reply().ok();
        });
        handlers.put("function|delete", call -> {
            throw new RedisError("ERR Library not found");
        });
        handlers.put("function|restore", call -> {
            if (!Dump.intact(call.arg(2))) {
                throw new RedisError("ERR DUMP payload version or checksum are wrong");
            }
            call.reply().ok();
        });
        handlers.put("function|load", call -> {
            boolean replace = call.option(2).equals("replace");
            if (call.count() == 4 && !replace) {
                throw new RedisError("ERR Unknown option given: " + call.arg(2));
            }
            String code = call.request().argument(call.count() - 1);
            call.step()
                    .saw(Seen.of(
                            "unknown_input",
                            "data",
                            WireText.of(code.getBytes(StandardCharsets.ISO_8859_1)),
                            "reason",
                            "function"));
            throw new RedisError(
                    code.startsWith("#!") ? "ERR Invalid library metadata" : "ERR Missing library metadata");
        });
    }

    static String sha1(String latin1) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(latin1.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static int keys(Call call) {
        long keys = call.integer(2);
        if (keys > call.count() - 3) {
            throw new RedisError("ERR Number of keys can't be greater than number of args");
        }
        if (keys < 0) {
            throw new RedisError("ERR Number of keys can't be negative");
        }
        return (int) keys;
    }

    private static void evalSha(Call call, Commands commands, boolean readOnly) {
        String script = call.state()
                .script(call.option(1))
                .orElseThrow(() -> new RedisError("NOSCRIPT No matching script. Please use EVAL."));
        eval(call, commands, script, readOnly);
    }

    /** Finds what is no script at all. */
    private static void compile(String text) {
        String[] words = text.strip().split("\\s+", 3);
        if (!words[0].isEmpty()
                && (Character.isDigit(words[0].charAt(0)) || words[0].startsWith("\"") || words[0].startsWith("'"))) {
            throw new RedisError("ERR Error compiling script (new function): user_script:1: unexpected symbol near '"
                    + words[0] + "'");
        }
        boolean name = words[0].matches("[A-Za-z_]\\w*")
                && !words[0].matches("return|local|if|for|while|do|repeat|function|break");
        if (name && (words.length == 1 || words[1].matches("\\w+"))) {
            throw new RedisError("ERR Error compiling script (new function): user_script:1: '=' expected near '"
                    + (words.length == 1 ? "<eof>" : words[1]) + "'");
        }
    }

    private static void eval(Call call, Commands commands, String script, boolean readOnly) {
        int keys = keys(call);
        compile(script);
        String sha1 = sha1(script);
        call.state().remember(sha1, script);
        try {
            LuaScript lua = new LuaScript(
                    script,
                    call.from(3).subList(0, keys),
                    call.from(3 + keys),
                    words -> run(call, commands, words, readOnly));
            write(call.reply(), lua.run(), 0);
        } catch (LuaScript.Uncompiled e) {
            throw new RedisError("ERR Error compiling script (new function): user_script:1: " + e.getMessage());
        } catch (LuaScript.Raised e) {
            String message = String.valueOf(e.getMessage());
            boolean coded = message.matches("[A-Z]+ .*");
            throw new RedisError((coded ? "" : "ERR ") + message + " script: " + sha1 + ", on @user_script:1.");
        } catch (LuaScript.Unsupported e) {
            call.step()
                    .saw(Seen.of(
                            "unknown_input",
                            "data",
                            WireText.of(script.getBytes(StandardCharsets.ISO_8859_1)),
                            "reason",
                            "script"));
            call.reply().nil();
        }
    }

    /** Runs a command for a script and reads its answer back. */
    private static @Nullable Object run(Call call, Commands commands, List<String> words, boolean readOnly) {
        List<byte[]> bytes = words.stream()
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        Request request = new Request(bytes, false);
        CommandTable.Entry entry = commands.find(request).orElse(null);
        if (entry == null) {
            return Map.of("err", "ERR Unknown Redis command called from script");
        }
        if (!entry.allows(request.count())) {
            return Map.of("err", "ERR Wrong number of args calling Redis command from script");
        }
        if (entry.flags().contains("noscript")) {
            return Map.of("err", "ERR This Redis command is not allowed from script");
        }
        if (entry.flags().contains("write") && !call.state().master().isEmpty()) {
            return Map.of("err", "READONLY You can't write against a read only replica.");
        }
        if (readOnly && entry.flags().contains("write")) {
            return Map.of("err", "ERR Write commands are not allowed from read-only scripts.");
        }
        Reply reply = new Reply(false);
        commands.run(new Call(request, call.client(), call.state(), reply, Step.builder()));
        call.client().blocked = java.util.Optional.empty();
        return new Answers(new String(reply.payload().bytes(), StandardCharsets.ISO_8859_1)).next();
    }

    /** Writes a value of a script as the server converts it. */
    private static void write(Reply reply, @Nullable Object value, int depth) {
        switch (value) {
            case null -> reply.nil();
            case Boolean truth -> {
                if (truth) {
                    reply.number(1);
                } else {
                    reply.nil();
                }
            }
            case Double number -> reply.number((long) (double) number);
            case String text -> reply.bulk(text);
            case Map<?, ?> table -> {
                if (table.get("err") instanceof String error) {
                    reply.error(error);
                } else if (table.get("ok") instanceof String status) {
                    reply.simple(status.replaceAll("[\\r\\n]", " "));
                } else {
                    List<Object> items = LuaScript.array(table);
                    reply.array(depth > 20 ? 0 : items.size());
                    if (depth <= 20) {
                        items.forEach(item -> write(reply, item, depth + 1));
                    }
                }
            }
            default -> reply.nil();
        }
    }

    /** Reads answers in RESP 2 as values of scripts. */
    private static final class Answers {
        private final String text;
        private int at;

        Answers(String text) {
            this.text = text;
        }

        @Nullable
        Object next() {
            int end = text.indexOf("\r\n", at);
            if (end < 0) {
                return null;
            }
            char type = text.charAt(at);
            String line = text.substring(at + 1, end);
            at = end + 2;
            return switch (type) {
                case '+' -> Map.of("ok", line);
                case '-' -> Map.of("err", line);
                case ':' -> Double.valueOf(line);
                case '$' -> {
                    int length = Integer.parseInt(line);
                    if (length < 0) {
                        yield Boolean.FALSE;
                    }
                    String bulk = text.substring(at, at + length);
                    at += length + 2;
                    yield bulk;
                }
                default -> {
                    List<Object> items = new ArrayList<>();
                    for (int i = Integer.parseInt(line); i > 0; i--) {
                        Object item = next();
                        items.add(item == null ? Boolean.FALSE : item);
                    }
                    Map<Object, Object> table = new LinkedHashMap<>();
                    for (int i = 0; i < items.size(); i++) {
                        table.put(i + 1.0, items.get(i));
                    }
                    yield line.equals("-1") ? Boolean.FALSE : table;
                }
            };
        }
    }
}
