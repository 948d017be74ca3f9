package decnet.runtime;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The life of a host process, from its start to its exit code. */
public final class HostMain {
    private HostMain() {}

    /**
     * What the host is to do.
     *
     * @param plan instead of {@code host.plan}
     * @param deckies fleet file to deploy; empty: the present fleet, or a small one
     * @param timing whether to print how long each step of the start took
     */
    public record Options(Optional<String> plan, Optional<Path> deckies, boolean timing) {
        /** As words of the internal form {@code decnet host}. */
        public List<String> arguments() {
            List<String> words = new ArrayList<>(List.of("host"));
            plan.ifPresent(name -> words.addAll(List.of("--plan", name)));
            deckies.ifPresent(file -> words.addAll(List.of("--deckies", file.toString())));
            if (timing) {
                words.add("--timing");
            }
            return words;
        }

        /** The reverse of {@link #arguments}. */
        public static Options of(List<String> arguments) {
            Optional<String> plan = Optional.empty();
            Optional<Path> deckies = Optional.empty();
            boolean timing = false;
            Iterator<String> words = arguments.listIterator(1);
            while (words.hasNext()) {
                String word = words.next();
                if (word.equals("--plan") && words.hasNext()) {
                    plan = Optional.of(words.next());
                } else if (word.equals("--deckies") && words.hasNext()) {
                    deckies = Optional.of(Path.of(words.next()));
                } else if (word.equals("--timing")) {
                    timing = true;
                } else {
                    throw new IllegalArgumentException("usage: decnet host [--plan P] [--deckies FILE] [--timing]");
                }
            }
            return new Options(plan, deckies, timing);
        }
    }

    /** What to do between the start and the end. */
    @FunctionalInterface
    public interface Attendant {
        /**
         * Everything has been started; returns when everything is to be stopped.
         *
         * @param waiting what is not ready yet, one line each
         */
        void attend(List<String> waiting, StopSignal stop, Timeline timeline) throws InterruptedException;
    }

    /** The internal form without a terminal: nothing of the command tree is loaded, and what is not ready goes to the log. */
    public static int run(List<String> arguments, CommandContext context) {
        Options options = Options.of(arguments);
        return run(options, context, (waiting, stop, timeline) -> {
            if (options.timing()) {
                context.out().print(timeline.text());
                context.out().flush();
            }
            waiting.forEach(context.err()::println);
            stop.await();
        });
    }

    /**
     * Starts the whole, hands over to {@code attendant}, and stops it in order.
     *
     * @return an {@link ExitCode}
     */
    public static int run(Options options, CommandContext context, Attendant attendant) {
        Timeline timeline = new Timeline();
        timeline.mark("command line read");
        HostConfig config = HostConfig.from(context.config());
        Optional<TrainingRun> training = TrainingRun.ofEnvironment();
        boolean netd;
        try {
            netd = training.isPresent() || Host.helped(config, Images.resolve());
        } catch (HostException e) {
            context.err().println(e.getMessage());
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
        Plan plan = Plan.of(PlanRequest.from(config, options.plan(), netd), context.catalogue());
        StopSignal stop = StopSignal.install();
        if (training.isPresent()) {
            plan = training.get().adapt(plan);
            Thread.ofPlatform().name("broker").start(() -> ProcessMain.run("bus", List.of("bus"), false, context));
        }
        try (Host host =
                Host.open(context.places(), Images.resolve(), plan, config, context.configFile(), stop, timeline)) {
            if (!host.remark().isEmpty()) {
                context.err().println("note: " + host.remark());
            }
            host.serveMetrics(MetricsConfig.from(context.config()));
            host.start(options.deckies()
                    .map(file -> List.of(file.toAbsolutePath().toString()))
                    .orElse(List.of("--default")));
            List<String> waiting = host.awaitReady();
            if (!stop.asked()) {
                attendant.attend(waiting, stop, timeline);
            }
            return ExitCode.OK;
        } catch (HostException e) {
            context.err().println(e.getMessage());
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        } finally {
            context.out().flush();
            context.err().flush();
            stop.finish();
        }
    }
}
