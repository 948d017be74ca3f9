package decnet.runtime;

/** A long-running part of DECNET. A new instance is made for every (re)start. */
@FunctionalInterface
public interface Worker {
    /**
     * Works on the calling thread until {@link WorkerContext#stopping}, then cleans up and returns. What it throws ends this run;
     * the worker is started again after a back-off, and its siblings in the process are not touched. A return without having been
     * asked to stop means: done, not to be started again.
     *
     * <p>What it calls on {@code context} from this thread is its sign of life; inside {@link WorkerContext#pause} it owes none. A worker
     * that gives none for {@code worker.stall-after}, or its own limit ({@link WorkerSpec#stallAfter}), is interrupted and started again.
     * One that does not end even then costs its whole process a restart.
     */
    void run(WorkerContext context) throws Exception;
}
