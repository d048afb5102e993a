package com.example.banner;

/** Does nothing before the first screen. */
public class BannerApplication extends android.app.Application {}
