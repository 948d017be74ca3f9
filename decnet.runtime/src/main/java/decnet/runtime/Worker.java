package decnet.runtime;

/** A long-running part of DECNET. A new instance is made for every (re)start. */
@FunctionalInterface
public interface Worker {
    /**
     * Works on the calling thread until {@link WorkerContext#stopping}, then cleans up and returns. What it throws ends this run;
     * the worker is started again after a back-off, and its siblings in the process are not touched. A return without having been
     * asked to stop means: finished, not to be restarted.
     */
    void run(WorkerContext context) throws Exception;
}
