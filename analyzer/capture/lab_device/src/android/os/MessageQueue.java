package android.os;

import java.util.PriorityQueue;

public final class MessageQueue {
    private final PriorityQueue<Message> waiting = new PriorityQueue<>(
        (a, b) -> a.when != b.when ? Long.compare(a.when, b.when) : Long.compare(a.order, b.order));
    private long counter;
    private boolean ended;

    MessageQueue() {}

    synchronized boolean enqueue(Message message) {
        if (ended) {
            return false;
        }
        message.order = counter++;
        waiting.add(message);
        notifyAll();
        return true;
    }

    synchronized Message next() {
        while (!ended) {
            Message first = waiting.peek();
            long delay = first == null ? 0 : first.when - SystemClock.uptimeMillis();
            if (first != null && delay <= 0) {
                return waiting.poll();
            }
            try {
                wait(first == null ? 0 : delay);
            } catch (InterruptedException ignored) {
                // a looper does not end by interruption
            }
        }
        return null;
    }

    synchronized void remove(Handler target, Runnable callback, boolean all) {
        waiting.removeIf(message -> message.target == target && (all || message.callback == callback));
    }

    synchronized void removeWhat(Handler target, int what) {
        waiting.removeIf(message -> message.target == target && message.callback == null && message.what == what);
    }

    synchronized void quit() {
        ended = true;
        notifyAll();
    }
}
