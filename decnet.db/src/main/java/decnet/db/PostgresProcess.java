package decnet.db;

import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A running PostgreSQL whose parent is this process. A thread of its own starts and reaps it, as the kernel ends the server with the
 * thread that started it. Thread-safe.
 */
public final class PostgresProcess implements AutoCloseable {
    private static final Duration FAST_STOP = Duration.ofSeconds(20);

    private final PostgresCommand command;
    private final Process process;
    private final Thread parent;

    private PostgresProcess(PostgresCommand command, Process process, Thread parent) {
        this.command = command;
        this.process = process;
        this.parent = parent;
    }

    static PostgresProcess spawn(PostgresCommand command) throws InterruptedException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread parent = Thread.ofPlatform().name("postgres-parent").daemon(true).start(() -> {
            try {
                Process process = new ProcessBuilder(command.argv())
                        .directory(new File("/"))
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                started.complete(process);
                process.waitFor();
            } catch (IOException e) {
                started.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // close() wants this thread to end
            }
        });
        try {
            return new PostgresProcess(command, started.get(), parent);
        } catch (ExecutionException e) {
            throw new StoreException("cannot start " + command.argv().getFirst() + ": " + StoreException.reason(e), e);
        }
    }

    public PostgresCommand command() {
        return command;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** @throws StoreException if it ends or does not answer in time */
    public void awaitReady(Duration patience) throws InterruptedException {
        long limit = System.nanoTime() + patience.toNanos();
        long wait = 10_000_000;
        while (true) {
            try (Connection connection = DriverManager.getConnection(
                    "jdbc:postgresql://localhost/" + EmbeddedPostgres.DATABASE,
                    Database.socketProperties(command.socket()))) {
                connection.isValid(1);
                return;
            } catch (SQLException e) {
                if (!process.isAlive()) {
                    throw new StoreException("PostgreSQL ended while starting, status " + process.exitValue(), e);
                }
                if (System.nanoTime() > limit) {
                    throw new StoreException("PostgreSQL does not answer: " + StoreException.reason(e), e);
                }
            }
            LockSupport.parkNanos(wait);
            wait = Math.min(wait * 2, 200_000_000);
            if (Thread.interrupted()) {
                throw new InterruptedException("while PostgreSQL started");
            }
        }
    }

    /** Stops it fast and cleanly: clients are cut off, nothing is lost. After 20 s it is killed. */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                Tool.run(List.of("kill", "-INT", Long.toString(process.pid())));
                if (!process.waitFor(FAST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
            Leftovers.end(command.data(), Duration.ofSeconds(10));
            parent.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new StoreException("cannot end PostgreSQL", e);
        }
    }
}
