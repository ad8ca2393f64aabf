@echo off
rem Installs dafeng @VERSION@ (@PLATFORM@) without internet:  install.bat [FOLDER]
setlocal enabledelayedexpansion
chcp 65001 >nul
cd /d "%~dp0"
set "FOLDER=%~1"
if "%FOLDER%"=="" set "FOLDER=%LOCALAPPDATA%\dafeng-app"

set "PYTHON="
for %%V in (@PYTHONS@) do (
    if not defined PYTHON (
        py -%%V -c "pass" >nul 2>nul
        if not errorlevel 1 set "PYTHON=py -%%V"
    )
    if not defined PYTHON (
        python -c "import sys; sys.exit('%%V' != '{}.{}'.format(*sys.version_info[:2]))" >nul 2>nul
        if not errorlevel 1 set "PYTHON=python"
    )
)
if not defined PYTHON (
    echo 没有找到合适的 Python。本安装包适用于 Python @PYTHONS@，请先安装其中一个版本。
    echo No fitting Python was found. This installer is for Python @PYTHONS@; install one of these first.
    exit /b 1
)

%PYTHON% -m venv --without-pip "%FOLDER%"
if errorlevel 1 goto failed
for %%W in (wheelhouse\pip-*.whl) do set "PIP=%%W"
"%FOLDER%\Scripts\python.exe" "%PIP%\pip" install --quiet --disable-pip-version-check --no-warn-script-location ^
    --no-index --find-links wheelhouse "dafeng[postgresql]==@VERSION@"
if errorlevel 1 goto failed
"%FOLDER%\Scripts\dafeng.exe" --version
if errorlevel 1 goto failed
echo 已安装到 Installed in: %FOLDER%
echo 命令 Command: %FOLDER%\Scripts\dafeng.exe
exit /b 0

:failed
echo 安装未完成，原因见上。 The installation did not finish; the reason stands above.
exit /b 1
