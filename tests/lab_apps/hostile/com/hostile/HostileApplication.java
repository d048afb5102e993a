package com.hostile;

import android.app.Application;
import lab.runtime.App;

/** Does what `mode` says before there is any screen. */
public class HostileApplication extends Application {
    static String mode() {
        return App.fact("mode", "");
    }

    @Override
    public void onCreate() {
        super.onCreate();
        switch (mode()) {
            case "exit": System.exit(3); break;
            case "halt": Runtime.getRuntime().halt(0); break;
            case "crash": throw new IllegalStateException("\u001b[2J<script>[bold]\n\u202e" + "x".repeat(200_000));
            case "flood": Trouble.flood(this); break;
            case "deep": Trouble.deep(this, 100); break;
            case "deeper": Trouble.deep(this, 1500); break;
            case "names": Trouble.names(this); break;
            case "log": Trouble.log(); break;
            case "print": Trouble.print(); break;
            case "hang": Trouble.sleep(20_000); break;
            case "preferences": Trouble.preferences(this); break;
            case "bodies": new Thread(Bodies::send).start(); break;
            case "headers": new Thread(Bodies::headers).start(); break;
            case "uncaught": new Thread(() -> { throw new StackOverflowError("\u001b]0;x\u0007"); }).start(); break;
            default: break;
        }
    }
}
