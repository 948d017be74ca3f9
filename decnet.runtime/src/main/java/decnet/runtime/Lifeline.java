package decnet.runtime;

import java.io.IOException;
import java.io.InputStream;

/** A child of a master reads its standard input: when that closes the master is gone, and the child ends too. */
final class Lifeline {
    private Lifeline() {}

    static void hold(InputStream in, StopSignal stop) {
        Thread.ofPlatform().name("lifeline").daemon().stackSize(128 * 1024).start(() -> {
            try {
                int heard = in.read();
                while (heard >= 0) { // a master never writes; whatever comes, it lives
                    heard = in.read();
                }
            } catch (IOException e) {
                stop.ask();
                return;
            }
            stop.ask();
        });
    }
}
