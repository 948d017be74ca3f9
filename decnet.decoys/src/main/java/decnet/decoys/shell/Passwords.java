package decnet.decoys.shell;

import decnet.core.WireText;
import decnet.decoys.Seen;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** A prompt that takes a password without showing it, and tells of it. */
final class Passwords implements ShellState.Pending {
    private final ShellState shell;
    private final String method;
    private final String principal;
    private final Function<String, String> answer;

    private Passwords(ShellState shell, String method, String principal, Function<String, String> answer) {
        this.shell = shell;
        this.method = method;
        this.principal = principal;
        this.answer = answer;
    }

    /** @param answer from what was typed to what is said */
    static void ask(Call call, String prompt, String method, String principal, Function<String, String> answer) {
        ShellState shell = call.shell();
        if (!shell.interactive) {
            call.err()
                    .append(
                            method.equals("sudo")
                                    ? "sudo: a terminal is required to read the password; either use the -S option to"
                                            + " read from standard input or configure an askpass helper\n"
                                            + "sudo: a password is required\n"
                                    : method + ": Authentication token manipulation error\n");
            shell.status = 1;
            return;
        }
        if (shell.pending.isEmpty()) {
            call.out().append(prompt);
        }
        shell.pending = Optional.of(new Passwords(shell, method, principal, answer));
    }

    @Override
    public boolean line(Optional<String> line, StringBuilder out) {
        out.append('\n');
        if (line.isEmpty()) {
            return false;
        }
        String secret = line.get();
        boolean wasAsked = shell.pending.filter(one -> one == this).isPresent();
        var account = shell.persona.account(principal);
        boolean right = account.filter(one -> one.accepts(secret)).isPresent();
        shell.saw(Seen.of(
                "login_attempt",
                "principal",
                wire(principal),
                "secret",
                wire(secret),
                "secret_kind",
                "plaintext",
                "outcome",
                right ? "accepted" : "rejected",
                "method",
                method));
        out.append(answer.apply(secret));
        return wasAsked && shell.pending.filter(one -> one != this).isPresent();
    }

    private static String wire(String latin1) {
        return WireText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public boolean echo() {
        return false;
    }
}
