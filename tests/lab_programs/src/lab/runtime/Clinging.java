package lab.runtime;

import java.security.Permission;

/** A process of the lab device in which ending fails at first, as it does while an agent is taken out of it. */
public final class Clinging {
    private static final int REFUSALS = 3;
    private static int asked;

    private Clinging() {}

    /** Greets the device, obeys it, and never ends by itself. */
    @SuppressWarnings("removal")
    public static void main(String[] arguments) throws Exception {
        System.setSecurityManager(new SecurityManager() {
            @Override
            public void checkPermission(Permission permission) {
                // all is allowed
            }

            @Override
            public void checkExit(int status) {
                if (asked++ < REFUSALS) {
                    throw new SecurityException("not yet");
                }
            }
        });
        Control.connect();
        Control.listen();
        Thread.currentThread().join();
    }
}
