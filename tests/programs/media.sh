# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # IN is the inputs' folder: the script `one` sets it
#
# media.sh - pictures, sound and film: frame threads, OpenMP, pipelines

program x264 "x264"
run_x264()
{
    gl x264 --quiet --demuxer raw --input-res 320x240 --fps 25 --threads 4 -o out.264 \
        "$IN/film.yuv" && sha256sum < out.264
}

program ffmpeg "ffmpeg"
run_ffmpeg()
{
    local raw="-f rawvideo -s 320x240 -pix_fmt yuv420p -r 25"

    # shellcheck disable=SC2086 # several arguments
    gl ffmpeg -v error -threads 4 $raw -i "$IN/film.yuv" -c:v libx264 -threads 4 -bitexact \
        out.mp4 &&
        gl ffmpeg -v error -threads 4 -i out.mp4 -f framemd5 - | sha256sum
    # shellcheck disable=SC2086
    gl ffmpeg -v error $raw -i "$IN/film.yuv" -c:v ffv1 -level 3 -slices 4 -threads 4 \
        -filter_threads 4 -vf scale=160:120 -f framemd5 - | sha256sum
}

program vpxenc "vpx-tools"
run_vpxenc()
{
    gl vpxenc --quiet --codec=vp9 --width=320 --height=240 --i420 --threads=4 --tile-columns=2 \
        --row-mt=1 --limit=10 --cpu-used=8 --rt --ivf -o out.ivf "$IN/film.yuv" &&
        sha256sum < out.ivf
}

program aomenc "aom-tools"
run_aomenc()
{
    gl aomenc --quiet --width=320 --height=240 --i420 --threads=4 --row-mt=1 --limit=5 \
        --cpu-used=9 --rt --ivf -o out.ivf "$IN/film.yuv" && sha256sum < out.ivf
}

program svt-av1 "svt-av1"
run_svt-av1()
{
    gl SvtAv1EncApp -i "$IN/film.yuv" -w 320 -h 240 --fps 25 -n 10 --preset 12 --lp 2 -b out.ivf \
        > log 2>&1 && sha256sum < out.ivf
}

program cwebp "webp"
run_cwebp()
{
    gl cwebp -quiet -mt "$IN/picture.ppm" -o out.webp && sha256sum < out.webp
}

program imagemagick "imagemagick-6.q16"
run_imagemagick()
{
    export OMP_NUM_THREADS=4
    gl convert-im6.q16 "$IN/picture.ppm" -resize 50% -blur 0x3 -rotate 7 out.ppm &&
        sha256sum < out.ppm
}

program graphicsmagick "graphicsmagick"
run_graphicsmagick()
{
    export OMP_NUM_THREADS=4
    gl gm convert "$IN/picture.ppm" -resize 50% -blur 0x3 out.ppm && sha256sum < out.ppm
}

program vips "libvips-tools"
run_vips()
{
    export VIPS_CONCURRENCY=4
    gl vips gaussblur "$IN/picture.ppm" out.ppm 4 && tail -n +4 out.ppm | sha256sum
}

program gstreamer "gstreamer1.0-tools gstreamer1.0-plugins-base"
run_gstreamer()
{
    gl gst-launch-1.0 -q videotestsrc num-buffers=200 ! queue ! videoconvert n-threads=2 ! \
        video/x-raw,format=I420,width=160,height=120 ! queue ! tee name=t t. ! queue ! \
        filesink location=out.yuv t. ! queue ! fakesink 2> /dev/null && sha256sum < out.yuv
}

program povray "povray"
run_povray()
{
    cat > scene.pov <<'SCENE'
camera { location <0, 2, -5> look_at 0 }
light_source { <5, 8, -5> color rgb 1 }
plane { y, -1 pigment { checker color rgb 1 color rgb 0.2 } }
sphere { 0, 1 pigment { color rgb <1, 0.2, 0.2> } finish { reflection 0.4 } }
SCENE
    # The picture's noise depends on which thread renders which part: its form must do.
    gl povray -D +WT4 +W240 +H180 +Iscene.pov +Oout.ppm +FP -V > log 2>&1 && head -n 2 out.ppm &&
        wc -c < out.ppm
}

