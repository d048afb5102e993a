package com.example.compliant;

import android.app.Application;

/** Starts nothing: what needs consent begins after consent. */
public class NotesApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
    }
}
