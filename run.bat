@echo off
rem Digitscope: sets itself up on first use, then runs.
rem   run          opens the window
rem   run train    trains in the terminal (run train --help)
rem   run test     runs the tests
setlocal
cd /d "%~dp0"
set python=.venv\Scripts\python.exe
set extras=
if "%~1"=="test" set extras=[test]
set stamp=.venv\installed%extras%

if not exist %python% (
    call :find_python || exit /b 1
    call :make_venv || exit /b 1
)
fc /b pyproject.toml "%stamp%" >nul 2>nul || (
    echo Installing what Digitscope needs. This takes a few minutes the first time ...
    %python% -m pip install --quiet --disable-pip-version-check ".%extras%" || exit /b 1
    copy /y pyproject.toml "%stamp%" >nul
)

if "%~1"=="test" (
    %python% -m pytest
) else (
    %python% main.py %*
)
exit /b %errorlevel%

:find_python
for %%p in ("py -3.13" "py -3.12" "py -3.11" "py -3" "python") do (
    %%~p -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && (
        set base=%%~p
        exit /b 0
    )
)
echo Digitscope needs Python 3.11 or later, and found none.
exit /b 1

:make_venv
echo Making .venv ...
%base% -m venv .venv
exit /b %errorlevel%
