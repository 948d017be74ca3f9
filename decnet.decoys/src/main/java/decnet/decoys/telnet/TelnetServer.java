package decnet.decoys.telnet;

import decnet.decoys.Payload;
import decnet.topology.Distribution;
import decnet.topology.Persona;
import java.util.List;
import java.util.Set;

/** The servers that systems ship: what each asks for, and what it says before the log-in. Stateless. */
enum TelnetServer {
    /** Of GNU inetutils: Debian 12 and later. Waits for the client's answers, speaks line mode. */
    INETUTILS,
    /** Of netkit 0.17: earlier Debian, Ubuntu, and the relatives of Red Hat. Waits for the client's answers. */
    NETKIT,
    /** Of BusyBox: says everything at once and takes no notice of answers, window size excepted. */
    BUSYBOX;

    private static TelnetDecoder.Command ask(int option) {
        return TelnetDecoder.Command.of(TelnetDecoder.DO, option);
    }

    private static TelnetDecoder.Command will(int option) {
        return TelnetDecoder.Command.of(TelnetDecoder.WILL, option);
    }

    /** The product {@code telnetd} if the system names one, or what its distribution ships. */
    static TelnetServer of(Distribution os) {
        String product = os.products().getOrDefault("telnetd", "");
        if (product.startsWith("busybox") || product.isEmpty() && os.shell().equals("ash")) {
            return BUSYBOX;
        }
        boolean inetutils = product.startsWith("inetutils")
                || product.isEmpty() && os.slug().equals("debian12");
        return inetutils ? INETUTILS : NETKIT;
    }

    /** What is said when a connection opens. */
    List<TelnetDecoder.Command> opening() {
        return switch (this) {
            case INETUTILS ->
                List.of(
                        will(TelnetDecoder.AUTHENTICATION),
                        will(TelnetDecoder.ENCRYPT),
                        ask(TelnetDecoder.TERMINAL_TYPE),
                        ask(TelnetDecoder.TERMINAL_SPEED),
                        ask(TelnetDecoder.X_DISPLAY),
                        ask(TelnetDecoder.NEW_ENVIRON),
                        ask(TelnetDecoder.OLD_ENVIRON));
            case NETKIT ->
                List.of(
                        ask(TelnetDecoder.TERMINAL_TYPE),
                        ask(TelnetDecoder.TERMINAL_SPEED),
                        ask(TelnetDecoder.X_DISPLAY),
                        ask(TelnetDecoder.NEW_ENVIRON));
            case BUSYBOX ->
                List.of(
                        ask(TelnetDecoder.ECHO),
                        ask(TelnetDecoder.WINDOW_SIZE),
                        will(TelnetDecoder.ECHO),
                        will(TelnetDecoder.SUPPRESS_GO_AHEAD));
        };
    }

    /** Whether options are agreed on before the log-in begins (RFC 1143). */
    boolean waits() {
        return this != BUSYBOX;
    }

    boolean lineMode() {
        return this == INETUTILS;
    }

    /** Options whose sub-negotiation is understood; that of others is taken for text. */
    boolean understands(int option) {
        return this != BUSYBOX || option == TelnetDecoder.WINDOW_SIZE;
    }

    /** What the client may do when it asks. */
    Set<Integer> welcome() {
        return this == INETUTILS ? Options.MANY : Options.SOME;
    }

    /** The answer to "are you there". */
    Payload here() {
        byte[] nop = {(byte) TelnetDecoder.IAC, (byte) TelnetDecoder.IAC, (byte) TelnetDecoder.NOP};
        return this == BUSYBOX ? Payload.of(nop) : Payload.of("\r\n[Yes]\r\n");
    }

    /** Before the first prompt. */
    String greeting(Persona persona) {
        Distribution os = persona.os();
        String issue = os.prettyName().replaceFirst(" \\(.*", "");
        return switch (this) {
            case INETUTILS -> "\r\nLinux " + os.kernelRelease() + " (" + persona.fqdn() + ") (pts/0)\r\n\r\n";
            case NETKIT ->
                LoginProgram.of(os) == LoginProgram.UTIL_LINUX
                        ? "\r\nKernel " + os.kernelRelease() + " on an " + os.machine() + "\r\n"
                        : issue + "\r\n";
            case BUSYBOX -> "\r\r\n" + (os.shell().equals("ash") ? "" : issue + "\r\n\r");
        };
    }

    private static final class Options {
        static final Set<Integer> SOME = Set.of(
                TelnetDecoder.BINARY,
                TelnetDecoder.SUPPRESS_GO_AHEAD,
                TelnetDecoder.TERMINAL_TYPE,
                TelnetDecoder.WINDOW_SIZE,
                TelnetDecoder.TERMINAL_SPEED,
                TelnetDecoder.FLOW_CONTROL,
                TelnetDecoder.X_DISPLAY,
                TelnetDecoder.NEW_ENVIRON);
        static final Set<Integer> MANY = Set.of(
                TelnetDecoder.BINARY,
                TelnetDecoder.SUPPRESS_GO_AHEAD,
                TelnetDecoder.TERMINAL_TYPE,
                TelnetDecoder.WINDOW_SIZE,
                TelnetDecoder.TERMINAL_SPEED,
                TelnetDecoder.FLOW_CONTROL,
                TelnetDecoder.X_DISPLAY,
                TelnetDecoder.NEW_ENVIRON,
                TelnetDecoder.OLD_ENVIRON,
                TelnetDecoder.LINE_MODE);
    }
}
