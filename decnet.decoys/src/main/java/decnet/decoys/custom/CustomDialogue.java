package decnet.decoys.custom;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.DecoyContext;
import decnet.decoys.Dialogue;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.topology.CustomScript;
import decnet.topology.CustomScript.Action;
import decnet.topology.EscapedText;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One connection to an operator's own service. Everything that is said to it is an event. */
final class CustomDialogue implements Dialogue {
    private static final int MAX_LINE = 4096;
    private static final int MAX_VALUE = 1024;
    private static final int MAX_REPLY = 64 << 10;

    private final DecoyContext context;
    private final CustomScript script;
    private final String banner;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    private final Map<String, byte[]> variables = new HashMap<>(4);
    private String state = CustomScript.START;
    private boolean tooLong;

    /** @param banner as {@link EscapedText}; empty for none */
    CustomDialogue(DecoyContext context, CustomScript script, String banner) {
        this.context = context;
        this.script = script;
        this.banner = banner;
        variables.put("host", latin1(context.persona().hostname()));
        variables.put("fqdn", latin1(context.persona().fqdn()));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public Step opened(Peer peer) {
        Step.Builder step = Step.builder();
        if (!banner.isEmpty()) {
            step.send(Payload.of(EscapedText.bytes(banner)));
        }
        run(script.open(), List.of(), step);
        return step.build();
    }

    @Override
    public Step received(ByteBuffer bytes) {
        Step.Builder step = Step.builder();
        if (!script.lines()) {
            byte[] all = new byte[Math.min(MAX_LINE, bytes.remaining())];
            bytes.get(all);
            said(all, step);
            return step.build();
        }
        while (bytes.hasRemaining() && !step.closing()) {
            byte b = bytes.get();
            if (b != '\n') {
                if (line.size() < MAX_LINE) {
                    line.write(b);
                } else {
                    tooLong = true;
                }
                continue;
            }
            byte[] whole = line.toByteArray();
            line.reset();
            if (tooLong) {
                tooLong = false;
                step.saw(
                        Seen.of("unknown_input", "data", Seen.text(ByteBuffer.wrap(whole)), "reason", "line too long"));
                continue;
            }
            int end = whole.length > 0 && whole[whole.length - 1] == '\r' ? whole.length - 1 : whole.length;
            said(Arrays.copyOf(whole, end), step);
        }
        return step.build();
    }

    @Override
    public Step closed() {
        return line.size() == 0
                ? Step.NOTHING
                : Step.builder()
                        .saw(Seen.of("message", "data", Seen.text(ByteBuffer.wrap(line.toByteArray()))))
                        .build();
    }

    private void said(byte[] input, Step.Builder step) {
        step.saw(Seen.of("message", "data", WireText.of(input), "state", state));
        for (CustomScript.Rule rule : script.states().getOrDefault(state, List.of())) {
            Optional<List<byte[]>> stars = rule.pattern().match(input);
            if (stars.isPresent()) {
                run(rule.actions(), stars.get(), step);
                return;
            }
        }
    }

    private void run(List<Action> actions, List<byte[]> stars, Step.Builder step) {
        Duration wait = Duration.ZERO;
        for (Action action : actions) {
            switch (action) {
                case Action.Send send -> step.send(Payload.of(fill(send.text(), stars, MAX_REPLY)));
                case Action.Wait one -> wait = wait.plus(one.time());
                case Action.Set set -> variables.put(set.name(), fill(set.value(), stars, MAX_VALUE));
                case Action.Goto to -> state = to.state();
                case Action.Login login -> login(login, stars, step);
                case Action.Close close -> step.close();
            }
        }
        step.delay(wait);
    }

    private void login(Action.Login login, List<byte[]> stars, Step.Builder step) {
        String user = new String(fill(login.user(), stars, MAX_VALUE), StandardCharsets.UTF_8);
        byte[] secret = fill(login.password(), stars, MAX_VALUE);
        boolean accepted = !login.accepted().isEmpty()
                && context.persona()
                        .login(user, new String(secret, StandardCharsets.UTF_8))
                        .isPresent();
        step.saw(Seen.of(
                "login_attempt",
                "principal",
                WireText.of(fill(login.user(), stars, MAX_VALUE)),
                "secret",
                WireText.of(secret),
                "secret_kind",
                "plaintext",
                "outcome",
                accepted ? "accepted" : "rejected",
                "method",
                "custom"));
        if (accepted) {
            state = login.accepted();
        }
    }

    private byte[] fill(CustomScript.Template template, List<byte[]> stars, int limit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (CustomScript.Template.Part part : template.parts()) {
            byte[] bytes = part.variable() ? value(part.text(), stars) : EscapedText.bytes(part.text());
            out.write(bytes, 0, Math.min(bytes.length, limit - out.size()));
        }
        return out.toByteArray();
    }

    private byte[] value(String name, List<byte[]> stars) {
        if (name.length() == 1 && Character.isDigit(name.charAt(0))) {
            int number = name.charAt(0) - '0';
            return number <= stars.size() ? stars.get(number - 1) : new byte[0];
        }
        return variables.getOrDefault(name, new byte[0]);
    }
}
